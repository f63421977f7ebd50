"""The HTTP shell that every service wears."""
