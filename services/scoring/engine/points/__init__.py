"""Points rules, which turn the values of a group into shares and points."""
