"""The notifier: which letters are due, when and to whom."""
