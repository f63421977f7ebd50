"""Views of a stored run."""
