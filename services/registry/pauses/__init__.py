"""Pauses (停工): from a day to a day, or still lasting."""
