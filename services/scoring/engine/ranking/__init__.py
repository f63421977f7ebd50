"""From terms of units to points, totals and ranks."""
