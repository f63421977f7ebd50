"""Mappings of an office's own sheets: suggested, kept in versions, read by, written back by."""
