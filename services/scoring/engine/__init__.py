"""The scoring engine: pure rules, room by room; each room imports only those below it."""
