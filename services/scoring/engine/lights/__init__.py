"""Red, yellow and green lights of projects and units, and since when."""
