"""What control tells, and calls for help."""

NOTHING_HAS_BEEN_TOLD_YET = "Nothing has been told yet."
NOTICES_THE_NEWEST_FIRST = "Notices, the newest first"
GOES_ON = "goes on"
BOTH_ARMS = "BOTH ARMS"
CALL_FOR_HELP = "Call for help"
NOTICE = "Notice"


def notices_closes_this_page(value: object) -> str:
    """Say: Notices · {value} closes this page."""
    return f"Notices · {value} closes this page"


def will_probably_need_you(help: object, name: object, line: object) -> str:
    """Say: {help} {name} will probably need you: {line}."""
    return f"{help} {name} will probably need you: {line}"


def times(count: object) -> str:
    """Say: ({count} times)."""
    return f" ({count} times)"
