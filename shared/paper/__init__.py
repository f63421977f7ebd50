"""Official documents on paper: fonts, the press that prints PDF, DOCX parts, titles in lines."""
