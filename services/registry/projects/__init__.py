"""Projects as people look at them: their card, and whether they are overdue."""
