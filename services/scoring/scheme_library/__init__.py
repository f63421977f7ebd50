"""Schemes by name: those built in, and those that offices keep."""
