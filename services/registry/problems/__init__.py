"""Problems (问题): raised, resolved, and closed (销号) by the office."""
