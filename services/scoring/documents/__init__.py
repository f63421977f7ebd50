"""The bulletin of a run as a document: composed once, then printed as PDF, DOCX and XLSX."""
