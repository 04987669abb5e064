"""Guards against a PySide6 that loses references to None below Python 3.12 (decision 0005)."""

import sys

from PySide6.QtCore import QObject


def test_a_thousand_qt_calls_lose_no_reference_to_none():
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("name")
    assert sys.getrefcount(None) - before > -500
