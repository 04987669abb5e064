import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from gui.action_spec import Intent
from gui.actions import spec_of
from gui.key_table import NO_OWN
from gui.pages import Page
from gui.setup.page import SetUpPage
from gui.setup.sections import PARTS, Part
from teleop.config import SessionConfig
from teleop.order_messages import Order, OrderKind
from teleop.presets import read_preset
from teleop.settings_fields import Kind, range_text, table, with_values
from tests.gui_parts import Desk, open_desk

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Generator[Desk]:
    """A window on a session of its own, and a user without settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        with open_desk() as desk:
            yield desk


@pytest.fixture
def page(desk: Desk) -> Generator[SetUpPage]:
    """The page Set up, shown, with nothing changed."""
    desk.window.open_page(Page.SET_UP)
    shown = desk.window.screen_view.pages.shown
    assert isinstance(shown, SetUpPage)
    desk.session.orders.clear()
    yield shown
    shown.search.clear()
    shown.bar.drop.click()
    desk.window.open_page(Page.OPERATE)


def choose(page: SetUpPage, part: Part) -> None:
    page.parts.setCurrentRow([spec.part for spec in PARTS].index(part))


def type_in(page: SetUpPage, path: str, text: str) -> None:
    field = page.form.rows[path].field
    assert not isinstance(field, QComboBox)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def configured(desk: Desk) -> list[Order]:
    return [order for order in desk.session.orders if order.kind is OrderKind.CONFIGURE]


def test_every_setting_of_a_session_has_one_row_with_unit_range_and_meaning(page):
    seen: list[str] = []
    for spec in PARTS:
        choose(page, spec.part)
        seen += [setting.path for setting in page.form.shown]
    assert sorted(seen) == sorted(setting.path for setting in table())
    for path, row in page.form.rows.items():
        assert row.meaning.text(), path
        assert "default" in row.limits.text(), path
        if row.setting.kind in (Kind.NUMBER, Kind.WHOLE, Kind.TRIPLE):
            assert row.unit.text(), path
            assert row.limits.text().startswith(range_text(row.setting, SessionConfig())[:4]), path


def test_a_value_that_is_typed_wrongly_is_framed_told_and_never_sent(page, desk):
    choose(page, Part.ROBOT)
    type_in(page, "limits.soft_force", "300")
    row = page.form.rows["limits.soft_force"]
    assert row.field.property("level") == "error"
    assert row.problem.text() == "✘ 300 is out of range; it must be 1 to 200 N."
    page.bar.begin()
    assert not page.bar.apply.isEnabled()
    QTest.qWait(30)
    assert not configured(desk)
    type_in(page, "limits.soft_force", "20")
    assert row.field.property("level") == ""
    assert row.problem.isHidden()


def test_a_tighter_limit_is_sent_as_one_order_with_only_its_section(page, desk):
    choose(page, Part.ROBOT)
    type_in(page, "limits.linear_speed", "0,1")
    QTest.keyClick(page.form.rows["limits.linear_speed"].field, Qt.Key.Key_Up)
    QTest.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: bool(configured(desk)))
    (order,) = configured(desk)
    assert order.settings is not None
    assert order.settings.limits == replace(SessionConfig().limits, linear_speed=0.11)
    assert (order.settings.takeover, order.settings.confirmed) == (None, False)


def test_a_looser_limit_asks_for_a_button_that_is_held(page, desk, monkeypatch):
    monkeypatch.setattr("gui.widgets.held_press.HOLD_MS", 150)
    choose(page, Part.ROBOT)
    type_in(page, "limits.linear_speed", "0.3")
    assert page.bar.apply.isHidden()
    assert "would become looser" in page.bar.warning.text()
    page.bar.begin()
    assert not configured(desk)
    QTest.keyClick(page.bar.loosen, Qt.Key.Key_Return)
    QTest.qWait(40)
    assert not configured(desk)
    QTest.keyPress(page.bar.loosen, Qt.Key.Key_Return)
    QTest.qWait(250)
    QTest.keyRelease(page.bar.loosen, Qt.Key.Key_Return)
    desk.until(lambda: bool(configured(desk)))
    settings = configured(desk)[0].settings
    assert settings is not None
    assert settings.confirmed


def test_enter_in_a_field_ends_no_episode_and_escape_and_space_stop_and_hold_there(page, desk):
    choose(page, Part.ROBOT)
    field = page.form.rows["limits.leash_m"].field
    field.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_T, Qt.Key.Key_1):
        QTest.keyClick(field, key)
    QTest.qWait(30)
    assert not desk.session.orders
    QTest.keyClick(field, Qt.Key.Key_Space)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    desk.until(lambda: {order.kind for order in desk.session.orders} >= {
        OrderKind.HOLD, OrderKind.STOP,
    })  # fmt: skip


def test_what_control_tells_stands_on_the_page_and_in_the_limits_that_are_drawn(page, desk):
    choose(page, Part.ROBOT)
    config = with_values(SessionConfig(), {"limits.soft_force": 12.0})
    page.draft = page.draft.told(config)
    page._show_draft()
    assert page.form.rows["limits.soft_force"].field.text() == "12"
    screen = desk.window.screen_view
    screen._follow(config)
    assert screen.arms[0].force._limit == 12.0
    page.draft = page.draft.told(SessionConfig())


def test_a_row_and_a_part_go_back_to_the_default(page):
    choose(page, Part.HELP)
    type_in(page, "help.second", "2")
    type_in(page, "help.slow_s", "x")
    page.form.rows["help.second"].reset.click()
    assert page.form.rows["help.second"].field.text() == "1.5"
    page.reset_part.click()
    assert page.form.rows["help.slow_s"].field.text() == "3"
    assert not page.draft.wishes
    assert page.draft.right


def test_a_search_finds_settings_of_all_parts_and_says_when_there_are_none(page):
    QTest.keyClick(page.window(), Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert page.search.hasFocus()
    QTest.keyClicks(page.search, "stale")
    assert {setting.section for setting in page.form.shown} == {"takeover", "limits", "chunks"}
    QTest.keyClicks(page.search, "zzz")
    assert not page.form.shown
    assert not page.form._nothing.isHidden()


def test_a_range_that_depends_on_another_value_is_checked_again(page):
    choose(page, Part.TAKEOVER)
    type_in(page, "takeover.leave", "0.3")
    assert page.form.rows["takeover.leave"].problem.text().endswith("0 to 0.2 of full deflection.")
    type_in(page, "takeover.enter", "0.5")
    assert page.form.rows["takeover.leave"].problem.isHidden()
    assert page.draft.value("takeover.leave") == 0.3


def test_a_preset_is_saved_compared_loaded_and_deleted(page):
    choose(page, Part.ROBOT)
    type_in(page, "rate_hz", "200")
    choose(page, Part.PRESETS)
    page.presets.name.setText("night shift")
    QTest.keyClick(page.window(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    path = page.presets._folder / "night shift.toml"
    assert read_preset(path).config.rate_hz == 200.0
    assert "nudge session --preset 'night shift'" in page.presets.message.text()
    page.bar.drop.click()
    page.presets.compare.click()
    assert page.presets.message.text() == "rate_hz: here 100 Hz, there 200 Hz"
    page.presets.load.click()
    assert page.draft.value("rate_hz") == 200.0
    assert "next session" in page.bar.summary.text()
    page.presets.delete.click()
    assert not path.exists()
    assert path.with_name("night shift.toml.bak").exists()


def test_a_damaged_preset_is_told_with_its_line_and_changes_nothing(page):
    folder: Path = page.presets._folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bad.toml").write_text("[limits]\nlinear_sped = 1\n")
    choose(page, Part.PRESETS)
    page.presets.look()
    page.presets.load.click()
    assert "line 2" in page.presets.message.text()
    assert "Did you mean 'limits.linear_speed'" in page.presets.message.text()
    assert not page.draft.wishes
    (folder / "bad.toml").unlink()


def test_a_key_is_changed_by_pressing_it_and_told_where_it_is_taken(page, desk):
    choose(page, Part.KEYS)
    panel = page.form.extra(Part.KEYS)
    row = panel.list._rows["do REWIND"]
    panel.list.setCurrentItem(row)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    QTest.keyClick(panel.list, Qt.Key.Key_G)
    assert "taken by 'Give back'" in panel.message.text()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    QTest.keyClick(panel.list, Qt.Key.Key_Space)
    desk.until(lambda: any(order.kind is OrderKind.HOLD for order in desk.session.orders))
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    QTest.keyClick(panel.list, Qt.Key.Key_Y)
    assert spec_of(OrderKind.REWIND).key == "Y"
    assert json.loads(panel._path.read_text())["Y"] == "do REWIND"
    desk.session.orders.clear()
    QTest.keyClick(desk.window, Qt.Key.Key_Y)
    desk.until(lambda: any(order.kind is OrderKind.REWIND for order in desk.session.orders))
    panel.all_back.click()
    assert panel.table == NO_OWN
    assert spec_of(OrderKind.REWIND).key == "B"


def test_a_motion_key_that_is_chosen_moves_the_arm_at_once(page, desk):
    choose(page, Part.KEYS)
    panel = page.form.extra(Part.KEYS)
    panel.list.setCurrentItem(panel.list._rows["move W"])
    panel.list.begin()
    QTest.keyClick(panel.list, Qt.Key.Key_Insert)
    QTest.keyPress(desk.window, Qt.Key.Key_Insert)
    assert desk.window.keys.held.names == ("W",)
    QTest.keyRelease(desk.window, Qt.Key.Key_Insert)
    panel.all_back.click()
    QTest.keyPress(desk.window, Qt.Key.Key_Insert)
    assert desk.window.keys.held.names == ()


def test_sounds_and_look_show_what_they_are(page):
    choose(page, Part.LOOK)
    panel = page.form.extra(Part.LOOK)
    assert panel.values["Volume of tones"].text() == "70 %"
    panel.buttons[Intent.LOUDER].click()
    assert panel.values["Volume of tones"].text() == "80 %"
    panel.buttons[Intent.QUIETER].click()


def test_the_keys_of_the_window_work_while_the_page_is_open_and_after_it(page, desk):
    choose(page, Part.KEYS)
    page.parts.setFocus()
    QTest.keyPress(page.parts, Qt.Key.Key_W)
    assert desk.window.keys.held.names == ("W",)
    QTest.keyRelease(page.parts, Qt.Key.Key_W)
    page.search.setFocus()
    desk.window.open_page(Page.OPERATE)
    assert not page.search.hasFocus()
