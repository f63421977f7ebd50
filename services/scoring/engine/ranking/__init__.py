"""Ranking of units: from their terms to points, totals and ranks."""
