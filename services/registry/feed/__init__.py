"""What happened, in commit order."""
