"""Where pictures go with and without a screen."""

import os

import pytest

from teleop.display import display_settings, has_screen, prepare_display


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_either_window_system_is_a_screen(variable: str):
    assert has_screen({variable: ":0"}, "linux")
    assert not has_screen({variable: ""}, "linux")


def test_without_a_screen_both_draw_into_memory():
    assert display_settings({}, "linux") == {"MUJOCO_GL": "egl", "QT_QPA_PLATFORM": "offscreen"}


def test_with_a_screen_qt_uses_it_and_mujoco_still_needs_no_window():
    assert display_settings({"DISPLAY": ":0"}, "linux") == {"MUJOCO_GL": "egl"}


def test_what_the_user_chose_is_kept():
    chosen = {"MUJOCO_GL": "osmesa", "QT_QPA_PLATFORM": "vnc"}
    assert display_settings(chosen, "linux") == {}


def test_other_systems_are_left_alone():
    assert display_settings({}, "darwin") == {}


def test_prepare_display_changes_this_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "minimal")
    monkeypatch.setenv("MUJOCO_GL", "before")
    monkeypatch.delenv("MUJOCO_GL")
    prepare_display()
    assert os.environ["MUJOCO_GL"] == "egl"
    assert os.environ["QT_QPA_PLATFORM"] == "minimal"
