"""Boards, streaks and awards, and the placement that they share."""
