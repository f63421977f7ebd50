"""Signing in by a single sign-on, a small one of the tests' own."""
