"""Changed facts or schemes, and the least change that moves a unit."""
