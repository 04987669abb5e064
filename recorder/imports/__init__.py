"""Datasets of others as episodes of ours."""
