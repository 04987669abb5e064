"""The doctor's table, its JSON and its exit code."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from teleop import cli, doctor
from teleop.checks import Check, Outcome

FINE = Check("Python", Outcome.OK, "3.11")
ODD = Check("SpaceMouse", Outcome.WARN, "none", "Plug one in,\nor use the keyboard.")
BAD = Check("Window", Outcome.FAIL, "no libEGL", "Install it.")


@pytest.mark.parametrize(("checks", "code"), [((FINE, ODD), 0), ((FINE, BAD), 1)])
def test_only_a_failed_check_is_a_failure(checks: tuple[Check, ...], code: int):
    assert doctor.exit_code(checks) == code


def test_the_table_names_every_check_and_advice_can_be_copied_whole():
    screen = io.StringIO()
    long = Check("SpaceMouse", Outcome.WARN, "none", "word " * 40)
    doctor.show((FINE, long, BAD), Console(file=screen, width=60))
    assert "Python" in screen.getvalue()
    assert f"SpaceMouse: {'word ' * 40}".strip() in screen.getvalue()
    assert "Window: Install it." in screen.getvalue()


def test_json_is_one_line_with_the_verdict(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "examine", lambda sessions: (FINE, ODD, BAD))
    assert cli.main(["doctor", "--json"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    report = json.loads(line)
    assert report["ok"] is False
    assert [check["outcome"] for check in report["checks"]] == ["ok", "warn", "fail"]


def test_every_check_runs_here_and_none_raises(tmp_path: Path):
    checks = doctor.examine(tmp_path / "sessions")
    assert len({check.name for check in checks}) == len(checks)
    for check in checks:
        assert check.found
        assert check.advice or check.outcome is Outcome.OK, check
