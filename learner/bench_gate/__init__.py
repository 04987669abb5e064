"""`nudge bench gate`: corrections that are not what they seem, and honest ones beside them."""
