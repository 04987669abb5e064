"""Faults made on purpose in the real-time cell, and what is expected of each."""
