"""What OpenAPI documents say in words: of operations, parameters, properties, tags, and first."""
