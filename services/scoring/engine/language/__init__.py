"""The metric language: formulas compiled to SQL, and interpreted exactly."""
