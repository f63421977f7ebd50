"""Letters as official documents: wording, PDF to send, DOCX to edit."""
