"""People's accounts: who is invited to one, who has one, on which devices it is signed in."""
