"""Funds (资金): applied for, approved, arrived, paid."""
