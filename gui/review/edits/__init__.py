"""Edits of recorded clips from the window; nothing recorded is changed."""
