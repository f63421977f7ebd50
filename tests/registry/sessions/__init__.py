"""Sessions, as a browser has them."""
