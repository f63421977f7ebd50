"""Records of dated facts: appended or superseded, read as they are or as they were known."""
