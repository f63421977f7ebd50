"""The parts of a bulletin, composed from the document of a run."""
