"""`nudge bench takeover`: how soon is the pushed arm the operator's, and only that arm?

A whole session under full load runs in real time. Two virtual SpaceMice, read by control through
the real hidapi, are pushed and let go at random; what the control process took down of every
change is matched with when each report was written. The next push waits until the arm is handed
back. Short episodes follow each other between the pushes.
"""

import ctypes
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import Progress

from teleop.bench_hand import draw_gesture, make_push
from teleop.bench_session import busy_config, loaded_session, print_result, say
from teleop.bus import STATE, OrderClient, Subscriber
from teleop.children import Program
from teleop.cli_options import parse
from teleop.config import EpisodeConfig, SessionConfig
from teleop.errors import SessionError, SetupError
from teleop.lifetime import Lifetime
from teleop.messages import Arm, Mode, SessionMode, Step
from teleop.order_messages import Order, OrderKind
from teleop.priority import run_ahead, still_collector
from teleop.process_tree import CONTROL, ProcessTree
from teleop.rig.pucks import COMPACT, PRELOAD, PRO_WIRELESS, VirtualPuck, VirtualUsb
from teleop.session_folder import ORDERS, SessionFolder
from teleop.takeover_match import Push, match
from teleop.takeover_summary import TakeoverBench, summarise
from teleop.timing import read_timing

QUICK = 60
EPISODE_S = 10.0
PATIENCE_S = 20.0
RESUME_S = 2.0  # arms that hold for longer after a hand-back wait for an order
PAUSE_NS = 1_000_000_000  # after the last push, for its hand-back
GAP_S = (0.01, 0.08)  # between a hand-back and the next push
_POLICY = (Mode.POLICY, Mode.POLICY)


@dataclass(frozen=True)
class BenchTakeoverOptions:
    """How many takeovers, and how to print what came of them."""

    takeovers: int = 1000
    """pushes of a puck, about 0.7 s each"""
    rate_hz: float = 200.0
    """control ticks a second"""
    quick: bool = False
    """60 takeovers"""
    policy: str = "base"
    """what the policy process serves meanwhile; see `nudge session --help`"""
    seed: int = 0
    """of the random arms, directions, lengths and pauses"""
    json: bool = False
    """print one JSON object and nothing else on stdout"""


class Cell:
    """The running session, seen by the one who pushes.

    Attributes:
        resumed: how often the policy had fallen silent for so long that an order had to resume it.
    """

    def __init__(self, folder: SessionFolder, tree: ProcessTree, lifetime: Lifetime) -> None:
        self._tree, self._lifetime = tree, lifetime
        self.resumed = 0
        self._states = Subscriber([folder.endpoint(CONTROL)], [STATE])
        self._orders = OrderClient(folder.endpoint(ORDERS))

    def order(self, kind: OrderKind) -> None:
        """Give an order.

        Raises:
            SessionError: it was refused.
        """
        reply = self._orders.call(Order(kind), timeout_s=PATIENCE_S)
        if not reply.accepted:
            raise SessionError(f"Control refused the order {kind.value}: {reply.reason}")

    def wait_for_policy(self, after_ns: int) -> None:
        """Return when the policy drives both arms in a tick later than `after_ns`.

        Raises:
            SessionError: it does not come to that, or the measurement was broken off.
        """
        deadline_s = time.monotonic() + PATIENCE_S
        resume_s = time.monotonic() + RESUME_S
        newest: Step | None = None
        while time.monotonic() < deadline_s:
            self._tree.watch(0.0)
            if self._lifetime.over():
                raise SessionError("The measurement was broken off before its end.")
            time.sleep(0.01)
            newest = self._states.latest(STATE) or newest
            if newest is None or newest.stamp_ns <= after_ns:
                continue
            if newest.session_mode is SessionMode.STOPPED:
                raise SessionError("The session has stopped by itself; see the log of control.")
            if newest.authority != (0.0, 0.0):
                continue
            if newest.modes == _POLICY:
                return
            if time.monotonic() > resume_s:
                resume_s = time.monotonic() + RESUME_S
                self.resumed += 1
                self.order(OrderKind.START)
        modes = " and ".join(mode.value for mode in newest.modes) if newest else "silent"
        raise SessionError(
            f"The policy did not get both arms back within {PATIENCE_S:.0f} s of a push; they are "
            f"{modes}."
        )

    def close(self) -> None:
        self._states.close()
        self._orders.close()


def require_library(name: str = PRELOAD) -> None:
    """Raise SetupError unless virtual pucks can be made here."""
    try:
        ctypes.CDLL(name)
    except OSError as error:
        raise SetupError(
            f"Virtual SpaceMice need {name}, which is not installed; run "
            "`sudo apt-get install umockdev`."
        ) from error


def push_at_random(
    cell: Cell,
    pucks: Mapping[Arm, VirtualPuck],
    config: SessionConfig,
    options: BenchTakeoverOptions,
    done: Callable[[int], None],
) -> list[Push]:
    """Push one puck after another, as often as asked for; episodes end and begin in between."""
    random = Random(options.seed)
    pushes: list[Push] = []
    begun_s = -EPISODE_S
    while len(pushes) < options.takeovers:
        if time.monotonic() - begun_s > EPISODE_S:
            if begun_s > 0.0:
                cell.order(OrderKind.FAIL)
            begun_s = time.monotonic()
            cell.order(OrderKind.START)
            cell.wait_for_policy(time.monotonic_ns())
        time.sleep(random.uniform(*GAP_S))
        gesture = draw_gesture(random)
        pushes.append(make_push(pucks[gesture.arm], gesture, config.takeover))
        cell.wait_for_policy(pushes[-1].centred_ns)
        done(len(pushes))
    return pushes


def measure(options: BenchTakeoverOptions, path: Path, progress: Progress) -> TakeoverBench:
    """Run everything in `path`, push, and look at what control took down."""
    lifetime = Lifetime(with_parent=False)
    config = replace(
        busy_config(options.rate_hz, options.policy),
        device="spacemouse",
        episode=EpisodeConfig(automatic=False),
    )
    still_collector()
    run_ahead()  # the threads that stand for the kernel's side of each puck inherit it
    with VirtualUsb() as usb:
        pucks = {
            Arm.LEFT: usb.plug(COMPACT, serial="LEFT", port=1),
            Arm.RIGHT: usb.plug(PRO_WIRELESS, serial="RIGHT", port=2),
        }
        run_ahead(inherited=False)

        def adapt(program: Program) -> Program:
            if program.name != CONTROL:
                return program
            own = {"XDG_CONFIG_HOME": str(path / "config")}  # nobody's own calibration
            return replace(
                program,
                arguments=(CONTROL, str(path), "--measure"),
                environment=dict(program.environment) | usb.environment | own,
            )

        with loaded_session(path, config, lifetime, say, adapt) as tree:
            cell = Cell(SessionFolder(path), tree, lifetime)
            task = progress.add_task("takeovers", total=options.takeovers)

            def done(number: int) -> None:
                progress.update(task, completed=number, refresh=number % 10 == 0)

            try:
                pushes = push_at_random(cell, pucks, config, options, done)
            finally:
                cell.close()
                progress.refresh()
    timing = read_timing(path)
    outcomes = match(pushes, timing.changes, config.takeover.enter_samples)
    return summarise(
        outcomes,
        timing.between(pushes[0].begun_ns, pushes[-1].centred_ns + PAUSE_NS),
        config,
        cell.resumed,
        tree.restarts,
    )


def main(arguments: list[str]) -> int:
    """Measure, print, return the exit code."""
    options = parse(
        BenchTakeoverOptions, arguments, prog="nudge bench takeover", description=__doc__ or ""
    )
    if options.quick:
        options = replace(options, takeovers=QUICK)
    require_library()
    console = Console(file=sys.stderr)
    with (
        tempfile.TemporaryDirectory(prefix="nudge-bench-") as folder,
        Progress(console=console, auto_refresh=False) as progress,
    ):
        result = measure(options, Path(folder), progress)
    print_result(result, options.json)
    return 0
