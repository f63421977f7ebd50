"""`kill -9` at any moment, and everything is still right: `python -m tests.faults`."""
