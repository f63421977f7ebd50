"""Scoring: facts as of a day and a scheme in; metrics, points, ranks and lights out."""
