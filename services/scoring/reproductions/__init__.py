"""Stored runs computed again and compared byte by byte."""
