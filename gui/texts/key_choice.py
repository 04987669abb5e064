"""What is said where a key is chosen, and why some cannot be."""

KEYS = "Keys"
CHANGE_KEY = "Change  ↵"
USUAL_KEY = "Usual key"
KEYS_RESET = "All usual"
KEY_COLUMNS = ("what it does", "keys; the first is printed")
CHOSEN = "chosen"
STAYS = "stays"
MOTION = "Motion, held: the chosen arm moves"
HOW_TO_CHANGE = "Choose a row, press Enter, then the new key. The usual key goes on to work too."
ALL_USUAL = "Every action has its usual keys again."

KEY_FIXED = "This key is held or chooses the arm: it stays as it is."
KEY_PLAIN = "A motion key is held: it must be one plain key, without Ctrl or Alt."
MOVES = {
    "W": "Move away from you", "S": "Move towards you", "A": "Move left", "D": "Move right",
    "Q": "Move down", "E": "Move up", "I": "Tilt away", "K": "Tilt towards you",
    "J": "Tilt left", "L": "Tilt right", "U": "Turn left", "O": "Turn right",
}  # fmt: skip


def moves(role: str) -> str:
    """Say what a motion key does to the chosen arm."""
    return MOVES[role]


def key_never(key: str) -> str:
    """Say that a key cannot be chosen."""
    return f"{key or 'This key'} cannot be chosen: Shift, Ctrl, Alt, Tab and F10 have their uses."


def key_safety(key: str, does: str) -> str:
    """Say that a key is for safety alone."""
    return f"{key} always means {does}: it cannot be given to anything else."


def key_of_pedal(key: str) -> str:
    """Say that a key is a pedal."""
    return f"{key} is a pedal's. Change that in the file first."


def key_taken(key: str, by: str) -> str:
    """Say whose a key is."""
    return f"{key} is taken by '{by}': give that another key first."


def key_unknown(path: str, key: str, said: str) -> str:
    """Say that the file names what there is not."""
    return f"In {path} {key} means '{said}', which there is not. Correct that line or delete it."


def press_key(what: str) -> str:
    """Ask for the new key of something."""
    return f"Press the new key of '{what}' … Esc and Space stop and hold, and leave it as it is."


def key_usual(what: str) -> str:
    """Say that something has its usual key again."""
    return f"'{what}' has its usual key again."


def pedals_note(path: str) -> str:
    """Say where keys and pedals are kept."""
    return f"{path} keeps them; the meanings of pedals stand there too, and are changed there."


def key_given(what: str, key: str) -> str:
    """Say that a key has another meaning now."""
    return f"{key} is '{what}' from now on."
