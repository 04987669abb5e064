"""The table of actions: no key has two meanings, and every row is told of."""

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from gui.action_spec import Group
from gui.actions import ACTIONS, shortcuts
from gui.motion_keys import MOTION_KEYS
from gui.widgets.key_map import SHEETS


@pytest.mark.parametrize("shown", [None, *Group])
def test_no_key_means_two_things_on_any_page(shown: Group | None):
    rows = [spec for spec in ACTIONS if not spec.only_shown or spec.group is shown]
    used = Counter(sequence.toString() for spec in rows for sequence in shortcuts(spec))
    motion = [QKeySequence(key).toString() for key in MOTION_KEYS if key != Qt.Key.Key_Shift]
    used.update(motion)
    assert [key for key, count in used.items() if count > 1] == []


def test_every_action_stands_in_the_menu_and_explains_itself():
    assert all(spec.hint.endswith(".") and spec.text for spec in ACTIONS)


def test_every_heading_of_the_table_stands_on_a_sheet_of_the_key_map():
    assert {g for sheet in SHEETS for g in (*sheet.left, *sheet.right)} == set(Group)
