"""Problems: raised, resolved, and closed by the office."""
