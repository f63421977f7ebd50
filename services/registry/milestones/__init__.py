"""Milestones (节点): the original with its actual date, and the revisions of its plan."""
