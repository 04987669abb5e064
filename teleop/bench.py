"""`nudge bench NAME`: the project's measurements, each of which prints one JSON line."""

from teleop.verbs import Verb, dispatch

INTRO = "Measure this machine and this version; `--json` prints one line to keep."

BENCHES: tuple[Verb, ...] = (
    Verb("loop", "learner.bench_loop:main", "success before and after a few corrections"),
    Verb(
        "gate", "learner.bench_gate.verb:main", "poisoned corrections served, honest ones refused"
    ),
    Verb("learner", "learner.bench_learner.bench:main", "success against corrections, by method"),
    Verb("metaworld", "learner.bench_metaworld.bench:main", "the methods on Meta-World's tasks"),
    Verb("replay", "learner.bench_replay:main", "the learner's memory of a long session"),
    Verb("help", "learner.bench_help:main", "how many failures a policy calls for in time"),
    Verb(
        "recorder",
        "recorder.bench_recorder:main",
        "four cameras and six sensors, recorded and checked",
    ),
    Verb(
        "gui", "gui.bench_gui.verb:main", "what the window costs, and how soon a picture is on it"
    ),
    Verb("control", "teleop.bench_control:main", "timing of the control loop, all processes up"),
    Verb("handback", "teleop.bench_handback:main", "from a hand-back to what was learned, served"),
    Verb(
        "takeover", "teleop.bench_takeover:main", "takeovers through a SpaceMouse, all processes up"
    ),
)


def main(arguments: list[str]) -> int:
    """Run the measurement named first in `arguments`; return its exit code."""
    return dispatch("nudge bench", INTRO, BENCHES, arguments)
