"""What the window says by itself: its pages, its look, what is missing."""

from collections.abc import Sequence

NOT_MADE = "it is not part of this installation"
ANOTHER_WINDOW_OF_THIS_SESSION = "Another window of this session has the motion keys."


def page_missing(page: str, why: str) -> str:
    """Say that a page cannot be opened."""
    return f"The page {page} cannot be opened: {why}. Every other page works; the robot goes on."


LAST_ANSWER = "Answer to the last order"
PAGES = "Pages"
MENU = "☰ Menu  F10"
MENU_NAME = "Menu"


def page_name(page: str) -> str:
    """Name a tab for a screen reader."""
    return f"Page {page}"


def told_with_key(hint: str, key: str) -> str:
    """Describe a control for a screen reader."""
    return f"{hint} Key: {key}"


def arms_in_hand(arms: Sequence[str]) -> str:
    """Refuse to begin the window anew."""
    verb = "is" if len(arms) == 1 else "are"
    return (
        f"{' and '.join(arms)} {verb} in the operator's hand, and the window would let go of the "
        "keys: give back or hold first."
    )


def scale_at_end(scale: float) -> str:
    """Refuse a step of the scale."""
    return f"The window is drawn at {100 * scale:.0f} %; it goes no further."


def screen_too_small(scale: float, smallest: tuple[int, int], screen: tuple[float, float]) -> str:
    """Refuse a scale at which the window would not fit."""
    width, height = (round(each * scale) for each in smallest)
    return (
        f"At {100 * scale:.0f} % the window needs {width} x {height} pixels; "
        f"this screen has {screen[0]:.0f} x {screen[1]:.0f}."
    )


def no_screenshot(path: str) -> str:
    """Say that a screenshot cannot be written."""
    return f"Cannot write the screenshot {path}; is its folder there?"


def unexpected(kind: str, text: str) -> str:
    """Say that something went wrong in the window itself."""
    return f"Error in the window: {kind}: {text}"


def nudge(name: object) -> str:
    """Say: Nudge · {name}."""
    return f"Nudge · {name}"


def watching(windowtitle: object) -> str:
    """Say: {windowtitle} · watching."""
    return f"{windowtitle} · watching"


def refused(value: object, reason: object) -> str:
    """Say: {value} refused: {reason}."""
    return f"{value} refused: {reason}"
