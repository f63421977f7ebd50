"""The HTTP shell of every service."""
