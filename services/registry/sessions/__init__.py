"""Sessions: a person signs in at a browser, which exchanges its cookie for tokens."""
