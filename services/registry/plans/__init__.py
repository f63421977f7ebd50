"""Annual plans: one a project and year."""
