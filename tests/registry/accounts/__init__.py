"""Invitations and accounts, as an office sees them."""
