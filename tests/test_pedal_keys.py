import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from gui import pedal_keys
from gui.actions import ACTIONS
from gui.pedal_keys import (
    DEFAULTS,
    SPARE,
    PedalAct,
    PedalKey,
    keys_file,
    read_pedals,
    spare_key,
    types_a_letter,
)
from teleop.devices.keyboard import FAST_KEY, KEYS
from teleop.messages import Arm


def event(key: Qt.Key, code: int = 0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, code, 0, 0)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "keys.json"
    path.write_text(text)
    return path


def test_no_pedal_has_a_key_that_means_something_already():
    everywhere = [spec for spec in ACTIONS if not spec.only_shown]
    taken = {key for spec in everywhere for key in spec.keys} | {*KEYS, FAST_KEY, "F10"}
    assert not taken & set(SPARE)
    assert set(DEFAULTS) <= set(SPARE)


def test_each_arm_can_be_clutched_and_every_act_has_a_pedal():
    clutched = {key.arm for key in DEFAULTS.values() if key.does is PedalAct.CLUTCH}
    assert clutched == {None, Arm.LEFT, Arm.RIGHT}
    assert {key.does for key in DEFAULTS.values()} == set(PedalAct)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Qt.Key.Key_F13, "F13"),
        (Qt.Key.Key_F24, "F24"),
        (Qt.Key.Key_PageDown, "PageDown"),
        (Qt.Key.Key_V, "V"),
        (Qt.Key.Key_T, ""),
        (Qt.Key.Key_F12, ""),
    ],
)
def test_a_spare_key_is_known_by_qts_name(key: Qt.Key, name: str):
    assert spare_key(event(key)) == name


class Xcb:
    @staticmethod
    def platformName() -> str:
        return "xcb"


@pytest.mark.parametrize(
    ("key", "code", "name"),
    [
        (Qt.Key.Key_Tools, 191, "F13"),  # X calls it XF86Tools
        (Qt.Key.Key_Launch7, 192, "F14"),
        (Qt.Key.Key_unknown, 196, "F18"),
        (Qt.Key.Key_TouchpadOff, 201, "F23"),
        (Qt.Key.Key_unknown, 202, "F24"),
        (Qt.Key.Key_V, 55, "V"),
        (Qt.Key.Key_unknown, 203, ""),
    ],
)
def test_on_x_and_wayland_f13_to_f24_are_known_by_their_number(
    key: Qt.Key, code: int, name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pedal_keys, "QGuiApplication", Xcb)
    assert spare_key(event(key, code)) == name


def test_elsewhere_that_number_says_nothing(qapp: QApplication):
    assert spare_key(event(Qt.Key.Key_unknown, 191)) == ""


def test_a_text_field_takes_letters_and_leaves_function_keys():
    assert types_a_letter("V")
    assert not types_a_letter("F13")
    assert not types_a_letter("PageUp")


def test_without_a_file_the_defaults_count(tmp_path: Path):
    table = read_pedals(tmp_path / "keys.json")
    assert (table.pedals, table.trouble) == (DEFAULTS, "")


def test_a_file_changes_adds_and_frees_keys(tmp_path: Path):
    path = written(
        tmp_path,
        '{"F13": "clutch", "F23": "stop", "Home": "take right", "PageUp": "", "V": "clutch"}',
    )
    table = read_pedals(path)
    assert table.trouble == ""
    assert table.pedals["F13"] == PedalKey(PedalAct.CLUTCH)
    assert table.pedals["F23"] == PedalKey(PedalAct.STOP)
    assert table.pedals["Home"] == PedalKey(PedalAct.TAKE, Arm.RIGHT)
    assert "PageUp" not in table.pedals
    assert table.pedals["V"] == PedalKey(PedalAct.CLUTCH)
    assert table.pedals["F14"] == DEFAULTS["F14"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"T": "clutch"}', "'T' cannot be a pedal"),
        ('{"F13": "dance"}', "'dance'"),
        ('{"F13": "clutch middle"}', "'clutch middle'"),
        ('{"F13": 5}', "not as they must be"),
        ("[", "not as they must be"),
        ("\udcff", "not as they must be"),
    ],
)
def test_a_file_with_a_mistake_is_left_out_whole_and_told_about(
    text: str, said: str, tmp_path: Path
):
    path = tmp_path / "keys.json"
    path.write_bytes(text.encode(errors="surrogateescape"))
    table = read_pedals(path)
    assert table.pedals == DEFAULTS
    assert said in table.trouble
    assert str(path) in table.trouble


def test_a_file_that_may_not_be_read_is_told_about(tmp_path: Path):
    assert str(tmp_path) in read_pedals(tmp_path).trouble  # it is a folder


def test_the_file_is_beside_the_devices_profiles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert keys_file() == tmp_path / "nudge" / "keys.json"


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("xvfb-run") is None or find_library("Xtst") is None, reason="no X server to try"
)
def test_a_real_x_server_types_f13_to_f24_and_its_repeats_let_no_pedal_go():
    seen = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-m", "tests.x_pedal"],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    typed = " ".join(name for name in SPARE if name[1:].isdigit() and name in DEFAULTS)
    assert seen.stdout == f"{typed} F13 [] []\n"
