"""The ledger format: `reader.read_ledger` and `writer.write_ledger` are its two doors."""
