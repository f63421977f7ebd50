"""Settings of an office: its letterhead, its agency words, who to ask, who signs."""
