"""The ledger format: `read.read_ledger` and `write.write_ledger` are its two doors."""
