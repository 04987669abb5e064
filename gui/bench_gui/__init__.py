"""`nudge bench gui`: what the window costs, and how soon a picture is on it."""
