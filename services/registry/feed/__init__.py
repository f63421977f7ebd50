"""Events, in the order of commits."""
