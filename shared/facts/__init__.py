"""The published language: kinds of facts, their columns and words."""
