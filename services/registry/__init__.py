"""The registry: the only writer of project data. Its slices move in with the services."""
