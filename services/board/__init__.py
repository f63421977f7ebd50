"""The board: the page (TypeScript), and how it is built and served."""
