"""Days as an author means them: with their weekday, so that a slip of the pen fails."""

from datetime import date


def day(text: str) -> date:
    """Reads «Thursday 2026-04-30», and checks the weekday the author had in mind."""
    weekday, iso = text.split()
    meant = date.fromisoformat(iso)
    assert f"{meant:%A}" == weekday, f"{iso} is a {meant:%A}"
    return meant


def said(on: date) -> str:
    """A day as `day` reads it."""
    return f"{on:%A %Y-%m-%d}"
