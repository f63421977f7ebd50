"""Reports that wait: listed, accepted, returned, withdrawn."""
