"""The program's own command line: help, version, errors as sentences, exit codes."""

import importlib.util
import subprocess
import sys
import types

import pytest

from teleop import __version__, bench, cli
from teleop.errors import ConfigError
from teleop.verbs import Verb


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch):
    """Let `nudge play` call a function given by the test."""

    def install(function: object) -> None:
        module = types.ModuleType("stand_in_verb")
        module.__dict__["main"] = function
        monkeypatch.setitem(sys.modules, "stand_in_verb", module)
        monkeypatch.setattr(cli, "VERBS", (Verb("play", "stand_in_verb:main", "play"),))

    return install


def refuse(arguments: list[str]) -> int:
    raise ConfigError(f"speed is {arguments[0]} m/s; choose at most 1 m/s.")


def interrupt(arguments: list[str]) -> int:
    raise KeyboardInterrupt


def test_version_and_help_import_nothing_heavy():
    program = (
        "import sys; from teleop.cli import main; main(['--version']); main(['--help']);"
        "heavy = {'torch', 'PySide6', 'mujoco', 'numpy', 'tyro', 'zmq', 'rich'} & set(sys.modules);"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"nudge {__version__}\n")
    assert all(f"  {verb.name} " in done.stdout for verb in cli.VERBS)


def test_a_verb_gets_what_follows_it_and_its_exit_code_is_the_programs(stand_in):
    stand_in(lambda arguments: len(arguments))
    assert cli.main(["play", "--a", "b", "c"]) == 3


def test_an_error_of_ours_is_one_sentence_and_exit_code_1(stand_in, capsys):
    stand_in(refuse)
    assert cli.main(["play", "7"]) == 1
    assert capsys.readouterr().err == "nudge: speed is 7 m/s; choose at most 1 m/s.\n"


@pytest.mark.parametrize("way", ["option", "environment"])
def test_debug_shows_the_traceback(stand_in, capsys, monkeypatch, way: str):
    stand_in(refuse)
    if way == "environment":
        monkeypatch.setenv("NUDGE_DEBUG", "1")
    arguments = ["--debug", "play", "7"] if way == "option" else ["play", "7"]
    assert cli.main(arguments) == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_error_that_is_not_ours_is_a_bug_and_is_not_hidden(stand_in):
    stand_in(lambda arguments: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        cli.main(["play"])


def test_ctrl_c_is_exit_code_130_and_one_line(stand_in, capsys):
    stand_in(interrupt)
    assert cli.main(["play"]) == 130
    assert capsys.readouterr().err == "nudge: stopped.\n"


def test_an_unknown_verb_is_exit_code_2_and_names_the_nearest(capsys):
    assert cli.main(["sesion"]) == 2
    assert "Did you mean 'session'?" in capsys.readouterr().err


def test_bench_without_a_name_lists_its_measurements(capsys):
    assert cli.main(["bench"]) == 2
    assert all(verb.name in capsys.readouterr().out for verb in bench.BENCHES[:1])


@pytest.mark.parametrize("verb", [*cli.VERBS, *bench.BENCHES], ids=lambda verb: verb.name)
def test_every_verb_leads_to_a_module_that_defines_it(verb: Verb):
    module, function = verb.target.split(":")
    spec = importlib.util.find_spec(module)
    assert spec is not None and spec.loader is not None
    source = spec.loader.get_source(module)  # pyright: ignore[reportAttributeAccessIssue]
    assert f"\ndef {function}(arguments: list[str]) -> int:" in source
