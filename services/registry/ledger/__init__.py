"""Ledgers: upload, findings, preview, import; and export as a workbook."""
