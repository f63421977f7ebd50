"""Voids, as an office makes them and takes them back."""
