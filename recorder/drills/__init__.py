"""Faults made on purpose while episodes are recorded, and what is left of them then."""
