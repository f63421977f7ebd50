"""A run's document in the words of a bulletin: one module a part. Pure."""
