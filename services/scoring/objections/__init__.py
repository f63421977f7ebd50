"""Objections to runs that are open for comment, and their answers."""
