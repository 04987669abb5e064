"""Ways to learn from corrections, one file each."""
