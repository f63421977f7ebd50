"""Progress reports: investment of the year and state of works on a day."""
