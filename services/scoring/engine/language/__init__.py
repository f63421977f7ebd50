"""The metric language: texts compiled to SQL, and interpreted exactly."""
