"""A gamepad device at the real SDL, its pad, and time, for tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from teleop.device_messages import DeviceReading, DeviceSeen
from teleop.devices.gamepad import SEARCH_S, Gamepad
from tests.control_parts import MS
from tests.pad_parts import VirtualPad, plugged


class Desk:
    """A gamepad device over the real SDL, and time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.device = Gamepad(folder, today=lambda: "2026-01-02T03:04:05")
        self.now_ns = 0

    def look(self) -> DeviceReading | None:
        self.now_ns += 5 * MS
        return self.device.read(self.now_ns)

    def read(self) -> DeviceReading:
        reading = self.look()
        assert reading is not None
        return reading

    def find(self) -> DeviceReading:
        self.now_ns += round(SEARCH_S * 1e9)
        return self.read()

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.005)):
            self.look()

    @property
    def seen(self) -> DeviceSeen:
        (seen,) = self.device.seen(self.now_ns)
        return seen


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.device.close()


@pytest.fixture
def pad(desk: Desk) -> Iterator[VirtualPad]:
    with plugged() as made:
        desk.find()
        yield made
