"""Runs opened for comment, and published."""
