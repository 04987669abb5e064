"""The words of the shift report where the window has it written."""

WRITING = "Writing the shift report …"
UNDER_WAY = "The report is being written already."


def written(path: str) -> str:
    """Say where it is."""
    return f"The shift report is written: {path}"


def failed(why: str) -> str:
    """Say why there is none."""
    return f"The report could not be written: {why or 'it ended without a word'}"
