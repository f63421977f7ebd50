"""Projects: one dossier each."""
