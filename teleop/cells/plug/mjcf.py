"""One MJCF element as text."""

Value = str | float | tuple[float, ...]


def tag(element: str, *children: str, **attributes: Value) -> str:
    """Write an element.

    Args:
        element: its name.
        *children: elements inside it, already written.
        **attributes: numbers, tuples of numbers or text; `kind` stands for MJCF's `class`.
    """
    fields = "".join(
        f' {"class" if key == "kind" else key}="{_text(value)}"'
        for key, value in attributes.items()
    )
    inside = "".join(children)
    return f"<{element}{fields}>{inside}</{element}>\n" if inside else f"<{element}{fields}/>\n"


def _text(value: Value) -> str:
    if isinstance(value, tuple):
        return " ".join(f"{number:.9g}" for number in value)
    return value if isinstance(value, str) else f"{value:.9g}"
