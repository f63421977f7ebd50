"""Registry: the only writer of project data."""
