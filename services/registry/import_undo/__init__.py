"""Undoing of applied imports: what it would do, what stands against it, the deed."""
