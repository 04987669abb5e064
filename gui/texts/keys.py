"""The page of all keys."""

CAMERAS = "Show that camera large; again: back."
HIDING = "Hide that camera; again: show it."
MOTION = "Motion keys, held: the chosen arm moves"
DRIVING = "Driving"
WINDOW = "Window"
REPLAY = "Review"
AWAY = "away from you, towards you"
LEFT_RIGHT = "left, right"
DOWN_UP = "down, up"
TILT = "tilt away, towards you, left, right"
TURN = "turn left, right, seen from above; Shift: faster"
PEDALS_HELD = "pedals, held: clutch left, right, chosen arm"
PEDALS_PRESSED = "pedals: take or hand back, rewind, stop"


def title(sheet: str, number: int, count: int) -> str:
    """Head one sheet of keys."""
    way = "F1: closes" if number == count else "F1: the next sheet"
    return f"Keys {number} of {count} · {sheet} · {way}, a click closes"


def no_such_meaning(path: object, name: object, value: object, acts: object) -> str:
    """Refuse the meaning of a pedal."""
    return (
        f"In {path} {name} means '{value}'; it must be one of {acts}, with left or right or none."
    )


def pedals_unread(path: object, strerror: object) -> str:
    """Say: The keys of pedals in {path}: {strerror}."""
    return f"The keys of pedals in {path}: {strerror}."


def pedals_wrong(path: object, error: object) -> str:
    """Say: The keys of pedals in {path} are not as they must be: {error}."""
    return f"The keys of pedals in {path} are not as they must be: {error}."
