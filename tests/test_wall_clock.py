"""Durations, ages and deadlines are monotonic; the wall clock only dates things for people."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
WALL = {"time", "time_ns", "now", "utcnow", "today", "localtime", "gmtime", "ctime", "strftime"}
OWNERS = {"time", "datetime", "date", "_time"}

# Where a date is made for people, and nothing is computed from it.
DATES = {
    "gui/demonstrate/records.py": "which demonstrations are today's",
    "learner/learner.py": "when a version was made",
    "learner/judging.py": "when a version was made, and how old its newest row was then",
    "learner/train.py": "when a version was made",
    "recorder/bench/feeding.py": "when a measured session was started",
    "recorder/edits/editing.py": "when an edit was made",
    "recorder/imports/into_session.py": "when a session was made of what was imported",
    "recorder/live/clocks.py": "both clocks at one instant, so that every stamp can be dated",
    "recorder/live/recording.py": "the time of day at which losses began",
    "recorder/writer.py": "when an episode was opened",
    "teleop/devices/gamepad.py": "when a device was calibrated",
    "teleop/devices/rest_watch.py": "when a device was calibrated",
    "teleop/demo.py": "the name of the session's folder",
    "teleop/serving.py": "when the serving pointer was moved",
    "teleop/session.py": "the name of the session's folder, and when it was started",
}


def wall_clock_reads(source: str) -> Iterator[str]:
    """Names such as `time.time` that are called, passed on or imported."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in WALL:
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if name in OWNERS:
                yield f"{name}.{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"time.{alias.name}" for alias in node.names if alias.name in WALL)


def test_reads_of_the_wall_clock_are_found_and_monotonic_ones_are_not():
    code = "import time\nfrom time import time_ns, monotonic_ns\nx = time.time()\ntime.monotonic()"
    assert sorted(wall_clock_reads(code)) == ["time.time", "time.time_ns"]
    code = "from datetime import datetime\nimport datetime as d\ndatetime.now(); f = datetime.today"
    assert sorted(wall_clock_reads(code)) == ["datetime.now", "datetime.today"]


def test_nothing_but_dates_comes_from_the_wall_clock():
    found = {
        str(path.relative_to(ROOT))
        for layer in ("teleop", "recorder", "learner", "gui")
        for path in (ROOT / layer).rglob("*.py")
        if any(wall_clock_reads(path.read_text()))
    }
    assert found - set(DATES) == set()
