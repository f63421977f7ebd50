"""Permits (前期手续): needed, applied for, due, granted."""
