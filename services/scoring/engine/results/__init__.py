"""The result of a run, its supplements, explanations, periods and regions above."""
