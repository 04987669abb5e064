"""One drill: what it is called, what it does, and how it is run in a folder of its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from teleop.drills.expected import EXPECTED
from teleop.drills.files import Files, read_files
from teleop.drills.result import Findings, Result, Verdict, judge
from teleop.errors import NudgeError, SetupError


@dataclass(frozen=True)
class Drill:
    """A fault that is made on purpose.

    Attributes:
        name: in `expected.EXPECTED`.
        fault: what is done, in a few words.
        perform: runs the session in a folder, makes the fault, watches and ends it.
            Raises SetupError where this machine cannot do it.
        check: what the files have to show beside being whole; returns complaints.
    """

    name: str
    fault: str
    perform: Callable[[Path], Findings]
    check: Callable[[Findings, Files], tuple[str, ...]] = lambda found, files: ()


def run_drill(drill: Drill, folder: Path) -> Result:
    """Run it; whatever goes wrong is in the result."""
    began_s = time.monotonic()
    expected = EXPECTED[drill.name]
    nothing = Result(
        drill.name,
        drill.fault,
        Verdict.FAIL,
        path_bound_mm=round(expected.path_mm, 1),
        announced_bound_ms=expected.announced_ms,
        bound_why=expected.why,
    )
    try:
        found = drill.perform(folder)
        files = read_files(folder)
        complaints = found.complaints + drill.check(found, files)
        found = replace(found, complaints=complaints)
        result = judge(drill.name, drill.fault, found, files, expected)
    except SetupError as error:
        result = replace(nothing, verdict=Verdict.SKIP, faults=(str(error),))
    except NudgeError as error:
        result = replace(nothing, faults=(str(error),))
    return replace(result, seconds=round(time.monotonic() - began_s, 1))
