"""A verb's options come from its dataclass, in one style."""

from dataclasses import dataclass, field

import pytest

from teleop.cli_options import parse
from teleop.errors import ConfigError


@dataclass(frozen=True)
class Limits:
    speed: float = 0.5
    """m/s, at most 1"""

    def __post_init__(self) -> None:
        if self.speed > 1.0:
            raise ConfigError(f"speed is {self.speed} m/s; it must be at most 1.")


@dataclass(frozen=True)
class Options:
    json: bool = False
    """print JSON"""
    limits: Limits = field(default_factory=Limits)


def parsed(*arguments: str) -> Options:
    return parse(Options, list(arguments), prog="nudge try", description="Try it.")


def test_arguments_fill_in_the_dataclass():
    assert parsed() == Options()
    assert parsed("--json", "--limits.speed", "0.25") == Options(True, Limits(0.25))


def test_help_names_the_program_the_fields_and_their_units(capsys):
    with pytest.raises(SystemExit) as leaving:
        parsed("--help")
    assert leaving.value.code == 0
    page = capsys.readouterr().out
    assert "usage: nudge try" in page and "Try it." in page
    assert "m/s, at most 1" in page and "--no-json" not in page


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--limits.speed", "3"], "speed is 3.0 m/s"),
        (["--limits.sped", "0.1"], "--limits.speed"),
        (["--limits.speed", "fast"], "fast"),
    ],
)
def test_a_wrong_command_line_explains_itself_and_leaves_with_2(capsys, arguments, complaint):
    with pytest.raises(SystemExit) as leaving:
        parsed(*arguments)
    assert leaving.value.code == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert "Traceback" not in error
