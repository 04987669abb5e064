"""What is set and known of takeovers."""

CALLS_FOR_HELP_ALLOWED_IN = "Calls for help allowed in an hour"
CALLS_FOR_HELP_IN_THE = "Calls for help in the last hour"
CALLS = "CALLS —"


def authority_of_a_takeover(name: object) -> str:
    """Say: Authority of a takeover of the {name} arm."""
    return f"Authority of a takeover of the {name} arm"


def how_much_a_takeover(less: object, more: object, whole: object) -> str:
    """Explain the slider, with its keys."""
    return (
        f"How much a takeover gives to the operator: {less} less, {more} more, "
        f"{whole} or a double click all of it"
    )


def asked_for(pending: object) -> str:
    """Say: , {pending} asked for."""
    return f", {pending} asked for"


def rewind_the_arm(name: object) -> str:
    """Say: Rewind the {name} arm."""
    return f"Rewind the {name} arm"


def risk_of_the_arm(name: object) -> str:
    """Say: Risk of the {name} arm."""
    return f"Risk of the {name} arm"


def risk_at_1_the(second: object) -> str:
    """Say: Risk: at 1 the operator is called (line), at {second} the arm slows or holds."""
    return f"Risk: at 1 the operator is called (line), at {second:g} the arm slows or holds"


def calls_for_help_in(value: object) -> str:
    """Say: Calls for help: in the last hour, and as many as you allow ({value})."""
    return f"Calls for help: in the last hour, and as many as you allow ({value})"


def calls_of(alerts: object) -> str:
    """Say: CALLS {alerts} of."""
    return f"CALLS {alerts} of"
