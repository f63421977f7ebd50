"""Arguments that commands share, and how results are shown in a terminal."""
