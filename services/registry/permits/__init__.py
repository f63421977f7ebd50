"""Permits: needed, applied for, due, granted."""
