"""The commands of `bairi`, one module each."""
