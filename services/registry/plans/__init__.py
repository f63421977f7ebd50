"""Annual plans (年度计划投资): one a project and year."""
