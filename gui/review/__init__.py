"""Recorded sessions, looked at and edited in the window."""
