"""Projects (项目): one dossier each."""
