"""The board: how its page is built and served, and what people do with it in a browser."""
