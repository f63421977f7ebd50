"""Units that answer for projects."""
