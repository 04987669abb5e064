"""Edits of recorded episodes: a log beside data that never changes, and views through it."""
