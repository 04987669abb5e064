"""The player: one clip replayed with its cameras, time line, curves and actions."""
