"""Official statistics."""
