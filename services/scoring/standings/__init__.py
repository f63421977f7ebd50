"""Why a unit has its rank: against the full points, the unit above, the best of each metric."""
