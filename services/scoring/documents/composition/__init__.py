"""What a bulletin consists of, part by part, from the document of a run."""
