"""Point rules: from the values of a group to shares and points."""
