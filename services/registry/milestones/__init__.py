"""Milestones: the original with its actual date, and the revisions of its plan."""
