"""Point rules and formulas in plain Chinese, and figures of the wrong scale."""
