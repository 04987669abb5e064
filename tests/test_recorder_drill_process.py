"""The parts of `nudge drill recorder` that fault the recorder's process, a few rounds of each."""

from pathlib import Path

import pytest

from recorder.drills import clock, disk_full, sigterm, slow_disk, vanish
from recorder.drills.part import RunPart
from teleop.errors import SetupError

PARTS: tuple[tuple[RunPart, int], ...] = (
    (sigterm.run, 1),
    (clock.run, 2),
    (slow_disk.run, 4),
    (disk_full.run, 3),
    (vanish.run, 3),
)


@pytest.mark.slow
@pytest.mark.parametrize(("part", "rounds"), PARTS)
def test_a_fault_of_the_process_costs_nothing_that_is_not_told(
    part: RunPart, rounds: int, tmp_path_factory: pytest.TempPathFactory
):
    counted: list[int] = []

    def progress(done: int) -> None:
        counted.append(done)

    folder: Path = tmp_path_factory.mktemp("d")  # short, for its sockets
    try:
        result = part(folder, rounds, progress)
    except SetupError as error:
        pytest.skip(str(error))
    assert result.violations == ()
    assert counted[-1] == rounds
