"""The actions of versions on a correction, as they cross processes."""

from pathlib import Path

import numpy as np
import pytest

from teleop.action_comparison import (
    ActionComparison,
    Match,
    VersionActions,
    comparison_in,
    save_comparison,
)
from teleop.errors import MalformedMessage
from teleop.messages import Arm, frozen_array
from teleop.wire import encode


def comparison(count: int = 4) -> ActionComparison:
    """Two versions on `count` rows of a corrected right arm."""

    def version(number: int, *, error: float, needed: bool) -> VersionActions:
        actions = frozen_array(np.full((count, 2, 7), 0.01 * (number + 1)))
        return VersionActions(number, actions, (Match(Arm.RIGHT, error, 0.05, needed),))

    return ActionComparison(
        "episode_00004",
        np.arange(count) * 10,
        1_000_000_000 + np.arange(count) * 100_000_000,
        np.tile([False, True], (count, 1)),
        frozen_array(np.zeros((count, 2, 7))),
        (version(0, error=0.09, needed=True), version(4, error=0.02, needed=False)),
    )


def test_a_comparison_comes_back_as_it_was_written(tmp_path: Path):
    path = tmp_path / "found"
    save_comparison(path, comparison())
    back = comparison_in(path.read_bytes())
    assert [path.name for path in tmp_path.iterdir()] == ["found"]
    assert back.versions[1].matches == (Match(Arm.RIGHT, 0.02, 0.05, False),)
    assert back.versions[1].actions.shape == (4, 2, 7)
    assert back.corrected.dtype == np.bool_
    assert back.rows.tolist() == [0, 10, 20, 30]


@pytest.mark.parametrize("content", [b"", b"\x80\x04nonsense", encode(("not", "this"))])
def test_anything_else_is_refused(content: bytes):
    with pytest.raises(MalformedMessage, match="ActionComparison"):
        comparison_in(content)
