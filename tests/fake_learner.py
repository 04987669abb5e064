"""A learner without learning: what it says of versions, corrections and coaching, made up."""

from pathlib import Path

import msgspec
import numpy as np

from teleop.learner_messages import (
    Coaching,
    CoachNote,
    CorrectionReport,
    EpisodeReport,
    GateCheck,
    StratumLoss,
    VersionReport,
)
from teleop.messages import Arm, frozen_array
from teleop.serving import MANIFEST, version_folder

SECOND = 1_000_000_000
MADE_NS = 1_763_845_200 * SECOND
SPEEDS = ("base", "head", "full", "head", "consolidate", "head", "full", "head", "full")


def version_report(version: int, *, accepted: bool = True, speed: str = "") -> VersionReport:
    """A plausible version; a refused one failed on the held-out demonstrations."""
    held_out = 0.071 if accepted else 0.184
    checks = (
        GateCheck(
            "held-out demonstrations", held_out, 0.112, accepted,
            f"error {held_out:.3f} on demonstrations that no fit has seen, 0.112 allowed",
        ),
        GateCheck("earlier corrections", 0.093, 0.121, True, "all earlier corrections are kept"),
        GateCheck("new corrections", 0.064, 0.140, True, "the new correction was learned"),
    )  # fmt: skip
    losses = (
        StratumLoss("held out", 310, held_out),
        StratumLoss("demonstrations", 2400, 0.066),
        StratumLoss("synthetic", 0, -1.0),
        StratumLoss("rollouts", 640, 0.058),
        StratumLoss("corrections", 40 * version, 0.09 - 0.004 * version),
    )
    base = version == 0
    return VersionReport(
        version=version,
        parent=version - 1,
        method="base" if base else "finetune",
        speed=speed or SPEEDS[version % len(SPEEDS)],
        accepted=accepted,
        reason="held-out demonstrations, earlier and new corrections all pass" if accepted
        else "it forgot: error 0.184 on held-out demonstrations, 0.112 allowed",
        corrections=tuple(f"episode_{number:05d}" for number in range(version)),
        losses=() if base else losses,
        checks=() if base else checks,
        updates=0 if base else 150 * version,
        fit_s=0.0 if base else 1.1 if version % 2 else 38.0,
        data_age_s=-1.0 if base else 1.6 + version,
        seconds_from_handback=-1.0 if base else 1.4 + 0.1 * version,
        created_ns=MADE_NS + 40 * version * SECOND,
    )  # fmt: skip


def write_version(policies: Path, report: VersionReport) -> None:
    """Write the manifest of a version, as far as the window reads it."""
    folder = version_folder(policies, report.version)
    folder.mkdir(parents=True)
    content = msgspec.to_builtins(report) | {"provisional": report.speed == "head"}
    (folder / MANIFEST).write_bytes(msgspec.json.encode(content))


def correction_report(number: int, *, still_needed: bool = False) -> CorrectionReport:
    """The left arm went forward; the operator went to one side and turned; now so does the net."""
    angle = 0.9 * number
    old = np.array([0.021, 0.002, -0.003, 0.0, 0.02, 0.0, 0.0])
    operator = np.array(
        [0.004, 0.02 * np.cos(angle), 0.018 * np.sin(angle), 0.11, -0.05, 0.08, 0.0]
    )
    share = 0.15 if still_needed else 0.85
    return CorrectionReport(
        episode=f"episode_{number:05d}",
        arm=Arm.LEFT,
        start_ns=number * 20 * SECOND,
        duration_s=1.8 + 0.3 * number,
        version=number + 1,
        old=frozen_array(old),
        operator=frozen_array(operator),
        new=frozen_array(old + share * (operator - old)),
        still_needed=still_needed,
    )


def coach_note(number: int, kind: Coaching = Coaching.LATE) -> CoachNote:
    """A note of that kind."""
    sentences = {
        Coaching.LATE: "The left arm had pressed with more than 8 N for 4 s. Take over as "
        "soon as it presses without getting on.",
        Coaching.OVERLONG: "You finished the task yourself. Let the left arm go once it is back on "
        "track, so that it shows what it can do; cut the rest away with `nudge record trim`.",
    }
    sentence = sentences.get(kind, "This correction goes the opposite way to earlier ones.")
    return CoachNote(number * SECOND, kind, f"episode_{number:05d}", sentence)


def episode_report(number: int) -> EpisodeReport:
    """One that needed help early and none later."""
    helped = max(0, 3 - number // 2)
    return EpisodeReport(
        f"episode_{number:05d}", number // 3, number > 4, helped, 2.5 * helped, 9.5
    )
