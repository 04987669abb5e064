"""Exports of recorded clips from the window, carried out by a child process."""
