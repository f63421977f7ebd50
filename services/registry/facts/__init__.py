"""Facts in bulk, as known at a moment, for the other two services."""
