"""The model of a scheme (rule book) and of its light presets."""
