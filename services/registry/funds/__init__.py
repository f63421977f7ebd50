"""Funds: applied for, approved, arrived, paid."""
