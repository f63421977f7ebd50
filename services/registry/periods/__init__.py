"""Periods for which units report: until when, what is late, who has not reported."""
