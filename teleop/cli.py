"""The program `nudge`: a table of verbs, and the one place where an error becomes a sentence."""

import os
import sys
import traceback

from teleop import __version__
from teleop.errors import NudgeError
from teleop.verbs import Verb, dispatch

INTRO = (
    "Nudge a running robot policy with a 3D mouse; it learns from the nudge while you keep working."
)
OPTIONS = """Options, before the verb:
  --debug    show the full traceback of an error (also NUDGE_DEBUG=1)
  --version  print the version
  --help     print this page"""

START = "Start here"
PROCESSES = "One process alone (`session` starts them all, and `policy serve`)"
OFFLINE = "Without a session"

VERBS: tuple[Verb, ...] = (
    Verb("demo", "teleop.demo:main", "watch a policy fail, be corrected and learn", START),
    Verb("session", "teleop.session:main", "run every process on one robot or simulation", START),
    Verb("demonstrate", "teleop.demonstrate:main", "collect demonstrations, no policy", START),
    Verb("doctor", "teleop.doctor:main", "check this machine and say what to mend", START),
    Verb("control", "teleop.control_process:main", "robot, devices, mode and safety", PROCESSES),
    Verb("camera", "teleop.camera_process:main", "one camera into its frame ring", PROCESSES),
    Verb("recorder", "recorder.service:main", "write every step into episode files", PROCESSES),
    Verb("learner", "learner.service:main", "fine-tune from corrections as they end", PROCESSES),
    Verb("gui", "gui.app:main", "the operator's window", PROCESSES),
    Verb("train", "learner.train:main", "make a policy from demonstrations", OFFLINE),
    Verb("evaluate", "learner.evaluate_verb:main", "success of policies on unseen scenes", OFFLINE),
    Verb("policy", "learner.policies.verb:main", "list, show, serve, export versions", OFFLINE),
    Verb("bench", "teleop.bench:main", "measure the learning loop or the control loop", OFFLINE),
    Verb(
        "drill", "teleop.drill:main", "make faults on purpose and see what the robot does", OFFLINE
    ),
    Verb("report", "recorder.report:main", "make a page about a recorded session", OFFLINE),
    Verb("record", "recorder.record:main", "list, check, edit, export, import episodes", OFFLINE),
    Verb("repair", "recorder.repair_verb:main", "make whole what a crash or a disk left", OFFLINE),
)


def main(argv: list[str] | None = None) -> int:
    """Run `nudge` with `argv` (default: the process arguments) and return the exit code.

    0 is success, 1 a `NudgeError` shown as one sentence, 2 a wrong command line, 130 Ctrl-C.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = os.environ.get("NUDGE_DEBUG", "") not in ("", "0")
    if arguments[:1] == ["--debug"]:
        debug = True
        del arguments[0]
    if arguments[:1] == ["--version"]:
        sys.stdout.write(f"nudge {__version__}\n")
        return 0
    try:
        return dispatch("nudge", INTRO, VERBS, arguments, OPTIONS)
    except NudgeError as error:
        if debug:
            traceback.print_exc()
        sys.stderr.write(f"nudge: {error}\n")
        return 1
    except KeyboardInterrupt as stop:
        sys.stderr.write(f"nudge: stopped. {stop}".rstrip() + "\n")
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
