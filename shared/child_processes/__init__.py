"""Heavy work in child processes of bounded memory and time, few at once, each caller in turn."""
