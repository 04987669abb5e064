"""Drills of the learner alone: it is killed, and what it comes back to is compared."""
