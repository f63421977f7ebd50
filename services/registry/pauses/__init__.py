"""Pauses of works: from a day to a day, or still lasting."""
