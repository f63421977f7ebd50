"""Campaigns: their population, targets, standings, summary."""
