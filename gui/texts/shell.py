"""What the window says by itself: its pages, its look, what is missing."""

NOT_MADE = "it is not part of this installation"


def page_missing(page: str, why: str) -> str:
    """Say that a page cannot be opened."""
    return f"The page {page} cannot be opened: {why}. Every other page works; the robot goes on."


PAGES = "Pages"
MENU = "☰ Menu  F10"
MENU_NAME = "Menu"


def page_name(page: str) -> str:
    """Name a tab for a screen reader."""
    return f"Page {page}"


def told_with_key(hint: str, key: str) -> str:
    """Describe a control for a screen reader."""
    return f"{hint} Key: {key}"
