"""The registry: the only writer of project data."""
