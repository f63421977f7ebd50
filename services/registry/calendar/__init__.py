"""Working days of a year, as the State Council announced them."""
