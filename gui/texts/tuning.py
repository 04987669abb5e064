"""Numbers that are typed."""


def is_it_must_be(name: object, strip: object, limits: object) -> str:
    """Say: {name} is {strip}; it must be {limits}."""
    return f"{name} is {strip}; it must be {limits}."


def to(low: object, high: object, unit: object) -> str:
    """Say: {low} to {high} {unit}."""
    return f"{low:g} to {high:g} {unit}"


def must_be_a_number(name: object, limits: object) -> str:
    """Say: {name} must be a number, {limits}."""
    return f"{name} must be a number, {limits}."
