"""Letters as official documents: words, title lines, PDF to send and DOCX to edit."""
