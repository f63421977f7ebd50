"""Facts in bulk, as known at a moment: what the other two services ask for."""
