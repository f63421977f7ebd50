"""What happened, in commit order, and the audit trail."""
