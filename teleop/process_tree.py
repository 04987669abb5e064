"""The processes of one session as a tree: start, wait until ready, watch, end in order."""

import time
from collections.abc import Callable, Sequence

from teleop.bus import HEALTH, Subscriber
from teleop.children import Child, Program, describe_exit
from teleop.errors import SessionError
from teleop.messages import Health
from teleop.session_folder import SessionFolder, camera_process

CONTROL, RECORDER, GUI = "control", "recorder", "gui"
READY_TIMEOUT_S = 90.0  # a cold machine loads torch and MuJoCo three times over
CONTROL_PATIENCE_S = 5.0
RECORDER_PATIENCE_S = 10.0  # it closes the episode file
# Without a sign of life for so long a process counts as hung, and is killed and started again.
CAMERA_SILENT_S = 10.0
POLICY_SILENT_S = 15.0  # loading a version can take seconds
RECORDER_SILENT_S = 12.0  # steps wait in control meanwhile: 15 s of them at 200 Hz
LEARNER_SILENT_S = 300.0  # it says nothing while it reads the episodes of a long session
CONTROL_SILENT_S = 5.0  # only told about: whoever restarts it does not know where the robot is
OTHERS_PATIENCE_S = 15.0  # a learner in the middle of a fit takes the longest


def session_programs(
    folder: SessionFolder,
    cameras: Sequence[str],
    window: bool,
    exercise: bool = False,
    policy: bool = True,
) -> tuple[Program, ...]:
    """Every process of a session in the order of their start; without a policy nothing learns.

    Who stands back for whom: the recorder must never lose a step, a late chunk is a hold, a late
    image is a stutter, and the learner has all the time that is left.
    """
    where = str(folder.path)
    busy = ("--exercise",) if exercise else ()
    programs = [
        Program(RECORDER, (RECORDER, where), niceness=2, silent_s=RECORDER_SILENT_S),
        Program(
            CONTROL,
            (CONTROL, where, *busy),
            # It draws nothing, so it shall not look for OpenGL either.
            environment={"MUJOCO_GL": "disabled"},
            silent_s=CONTROL_SILENT_S,
        ),
        *(
            Program(
                camera_process(name),
                ("camera", where, "--camera", name),
                niceness=4,
                silent_s=CAMERA_SILENT_S,
            )
            for name in cameras
        ),
    ]
    if policy:
        programs += (
            Program("policy", ("policy", "serve", where), niceness=3, silent_s=POLICY_SILENT_S),
            Program("learner", ("learner", where, *busy), niceness=10, silent_s=LEARNER_SILENT_S),
        )
    if window:
        gui = Program(GUI, (GUI, where), niceness=6, restart_when_done=False)
        programs.append(gui)
    return tuple(programs)


class ProcessTree:
    """All processes of a session.

    Args:
        folder: the claimed session folder.
        programs: what to run.
        say: told of everything the person at the terminal should know.
    """

    def __init__(
        self, folder: SessionFolder, programs: Sequence[Program], say: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._say = say
        self._children = {
            program.name: Child(program, folder.logs / f"{program.name}.log")
            for program in programs
        }
        self._window_closed = False
        self._heard_s: dict[str, float] = {}
        self.health: dict[str, Health] = {}
        self._signs = Subscriber([folder.endpoint(program.name) for program in programs], [HEALTH])

    @property
    def children(self) -> dict[str, Child]:
        return self._children

    @property
    def restarts(self) -> dict[str, int]:
        """How often each process had to be started again; only those that were."""
        return {name: child.restarts for name, child in self._children.items() if child.restarts}

    def start(self) -> None:
        """Start all at the same priority: until all are ready, nothing moves."""
        for child in self._children.values():
            child.start(stand_back=False)

    def wait_until_ready(self, over: Callable[[], str], timeout_s: float = READY_TIMEOUT_S) -> None:
        """Return when every process has given a sign of life, or `over` gives a reason to end.

        Raises:
            SessionError: a process ended instead, or none came within `timeout_s`.
        """
        deadline_s = time.monotonic() + timeout_s
        while missing := [name for name in self._children if name not in self.health]:
            self._listen(0.05)
            for name, child in self._children.items():
                code = child.exit_code()
                if code is not None and not (name == GUI and code == 0):
                    raise SessionError(
                        f"The process {name} could not start ({describe_exit(code)}): "
                        f"{child.last_words()}"
                    )
            if over():
                return
            if time.monotonic() > deadline_s:
                raise SessionError(
                    f"No sign of life from {', '.join(missing)} within {timeout_s:.0f} s; "
                    f"see {self._folder.logs}."
                )
        for child in self._children.values():
            child.stand_back()
        for sign in self.health.values():
            if sign.level != "ok":
                self._say(sign.text)

    def watch(self, timeout_s: float) -> None:
        """Take in signs of life for up to `timeout_s`, and restart what has ended.

        Raises:
            SessionError: the control process has ended; nothing else ends a session.
        """
        self._listen(timeout_s)
        for name, child in self._children.items():
            if name == CONTROL and not child.running():
                raise SessionError(
                    f"The control process ended ({describe_exit(child.exit_code())}), so the "
                    f"session was closed: {child.last_words()}"
                )
            if news := child.revive():
                self._say(news)
                # A sign of life of the new process replaces this; until then it is starting.
                self._heard_s[name] = time.monotonic() + READY_TIMEOUT_S
        self._end_silence()
        self._mention_closed_window()

    def _listen(self, timeout_s: float) -> None:
        for _, sign in self._signs.poll(timeout_s):
            self.health[sign.process] = sign
            child = self._children.get(sign.process)
            if child is not None and child.pid == sign.pid:  # else: of one that is gone
                self._heard_s[sign.process] = time.monotonic()

    def _end_silence(self) -> None:
        """Kill what hangs, so that it is started again; of control it is only told."""
        now_s = time.monotonic()
        for name, child in self._children.items():
            silent_s = child.program.silent_s
            if not child.running() or now_s - self._heard_s.get(name, now_s) <= silent_s:
                continue
            self._heard_s[name] = now_s
            silence = f"gave no sign of life for {silent_s:.0f} s"
            if name == CONTROL:
                self._say(
                    f"{name} runs, but {silence}. It is not restarted, because it has the robot: "
                    "stop the robot by its own button if it moves, then end the session."
                )
            else:
                child.kill(silence)

    def _mention_closed_window(self) -> None:
        gui = self._children.get(GUI)
        if gui is None or self._window_closed or gui.exit_code() != 0:
            return
        self._window_closed = True
        self._say(
            "The window was closed; the robot goes on. "
            f"Open it again with `nudge gui {self._folder.path}`, or end the session with Ctrl-C."
        )

    def stop(self) -> None:
        """End every process: the robot is stopped first, then its last episode is closed."""
        for name, patience_s in ((CONTROL, CONTROL_PATIENCE_S), (RECORDER, RECORDER_PATIENCE_S)):
            if name in self._children:
                self._children[name].ask_to_end()
                self._finish(self._children[name], patience_s)
        for child in self._children.values():
            child.ask_to_end()
        for child in self._children.values():
            self._finish(child, OTHERS_PATIENCE_S)
        self._signs.close()

    def _finish(self, child: Child, patience_s: float) -> None:
        if complaint := child.end(patience_s):
            self._say(complaint)
