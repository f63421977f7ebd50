"""Reporting periods: until when a month or half a month may be reported, and who has not."""
