"""The page of all keys."""

CAMERAS = "Show that camera large; again: back."
HIDING = "Hide that camera; again: show it."
MOTION = "Motion keys, held: the chosen arm moves"
DRIVING = "Driving"
WINDOW = "Window"
REPLAY = "Review"


def title(sheet: str, number: int, count: int) -> str:
    """Head one sheet of keys."""
    way = "F1: closes" if number == count else "F1: the next sheet"
    return f"Keys {number} of {count} · {sheet} · {way}, a click closes"
