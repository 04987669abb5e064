"""The camera pictures."""

from collections.abc import Sequence

HIDDEN = "Hidden cameras"
NO_PICTURE = "no picture yet"


def camera(name: str) -> str:
    """Name a picture for a screen reader."""
    return f"Camera {name}"


def tag(number: int, name: str) -> str:
    """Name a picture on itself, with its key."""
    return f"{number}  {name.replace('_', ' ')}"


def stale(age_s: float) -> str:
    """Say that a picture is not the present."""
    return f"STALE {age_s:.1f} s" if age_s < 10 else f"STALE {age_s:.0f} s"


def age(age_s: float) -> str:
    """How old a picture is."""
    return f"{age_s * 1000:.0f} ms"


def hidden(cameras: Sequence[tuple[int, str]]) -> str:
    """Say which cameras are hidden, by number and name, and how they come back."""
    names = ", ".join(f"{name.replace('_', ' ')} (Alt+{number})" for number, name in cameras)
    return f"hidden: {names}"
