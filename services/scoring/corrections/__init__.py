"""Corrections of published runs."""
