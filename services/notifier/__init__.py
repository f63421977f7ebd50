"""The notifier: which letters are due, when and to whom. Its slices move in with the services."""
