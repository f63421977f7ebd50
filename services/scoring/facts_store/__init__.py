"""The facts of stored runs."""
