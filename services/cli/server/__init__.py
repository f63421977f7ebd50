"""The services as processes: all in one, one at a time, and the demonstration."""
