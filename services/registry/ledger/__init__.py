"""Ledgers in and out: upload, look at what was found, apply; and export as a workbook."""
