"""Invitations: by a one-time link an office lets a person have an account."""
