"""`nudge policy`: the versions of a session, shown, served, taken back and taken elsewhere."""
