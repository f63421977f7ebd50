"""Stored runs recomputed and compared byte by byte."""
