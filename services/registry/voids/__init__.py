"""Voids: the office withdraws records entered by mistake, and may take that back."""
