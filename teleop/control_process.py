"""`nudge control`: the robot, the operator's devices, the mode and the safety of one session.

The loop keeps absolute deadlines and runs ahead of everything else on the machine as far as it may.
It stops the robot first, whatever ends it: an order, a signal, or the death of its session.
"""

import re
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import tyro

from teleop.bus import NOTICE
from teleop.bus_ends import BusChunks, BusFrames, BusSteps
from teleop.cells.plug.cameras import camera_axes
from teleop.cells.plug.kinematics import PlugKinematics
from teleop.cli_options import parse
from teleop.clock import RealClock
from teleop.control import ControlLoop, Station
from teleop.control_desk import Desk, DeviceDesk, Watch, open_sockets
from teleop.device_samples import SampledDevice
from teleop.devices.plug_operator import plug_operator
from teleop.drills.freezable_robot import SWITCH, FreezableRobot
from teleop.exercise import ExerciseDevice
from teleop.lifetime import Lifetime
from teleop.operator_devices import OperatorDevices, open_devices
from teleop.order_messages import Order, OrderKind
from teleop.priority import run_ahead, still_collector
from teleop.robots.mujoco_cell import MujocoCell
from teleop.session_folder import SessionFolder
from teleop.session_record import read_record
from teleop.settings_desk import SettingsDesk
from teleop.streams import Streams
from teleop.takeover_messages import Notice
from teleop.timing import TimedRobot, TimingLog


@dataclass(frozen=True)
class ControlOptions:
    """Which session, and whether it is only for measuring."""

    session: tyro.conf.Positional[Path]
    """the session folder, made by `nudge session`"""
    exercise: bool = False
    """drive the arms by a device that pushes by the clock; measures"""
    measure: bool = False
    """for `nudge bench`: take every tick down, and write timing.json at the end"""
    freezable: bool = False
    """for `nudge drill`: the robot's state stands still while FOLDER/frozen is there"""


_EPISODE = re.compile(r"episode_(\d+)")


def main(arguments: list[str]) -> int:
    """Run the control loop until told to end; return the exit code."""
    options = parse(ControlOptions, arguments, prog="nudge control", description=__doc__ or "")
    lifetime = Lifetime()
    folder = SessionFolder(options.session.absolute())
    record = read_record(folder)
    config = record.config
    sys.stderr.write(f"control: {config.rate_hz:g} Hz, {run_ahead()}\n")
    clock = RealClock()
    cell = MujocoCell(clock, config.cell, config.rate_hz)
    freezable = FreezableRobot(cell, folder.path / SWITCH) if options.freezable else cell
    robot = TimedRobot(freezable, clock)
    watch = Watch()
    timing = TimingLog(
        robot, clock, config.limits, 1.0 / config.rate_hz, lambda: loop.commanded.twist
    )
    measured = (timing,) if options.exercise or options.measure else ()
    scripted = plug_operator(cell, config.takeover, seed=config.cell.seed)
    with open_sockets(folder, config.cameras) as sockets:
        operator = open_devices(config, sockets.window, scripted)
        if options.exercise:
            operator = OperatorDevices(ExerciseDevice(clock.now_ns()))
        device = SampledDevice(operator.device)
        steps = BusSteps(sockets.publisher, sockets.recorder)
        streams = Streams((cell, device), (steps,), lambda: device.readings)
        frames, chunks = BusFrames(sockets.images), BusChunks(sockets.policy)

        def tell(notice: Notice) -> None:
            sockets.publisher.send(NOTICE, notice)
            streams.notice(notice)

        settings = SettingsDesk(
            folder, record, sockets.publisher, streams.configured, operator.configure
        )
        station = Station(
            clock=clock,
            robot=robot,
            device=device,
            chunks=chunks,
            task=cell,
            kinematics=PlugKinematics(cell.cell.model),
            sinks=(watch, frames, streams, steps, *measured),
            cameras=config.cameras,
            frames=frames,
            scripted=scripted,
            first_episode=next_episode(folder),
            tunable=operator.tunable,
            tell=tell,
            ordered=streams.ordered,
            camera_axes=camera_axes(),
            configured=settings.configured,
        )
        loop = ControlLoop(station, config)
        trouble = partial(_trouble, operator, chunks, settings)
        devices = DeviceDesk(operator.tunable, sockets.publisher, tell)
        desk = Desk(loop, cell, watch, sockets, lifetime, trouble, devices, settings)
        still_collector()
        if options.exercise:
            loop.submit(Order(OrderKind.START))
        loop.run(desk.over)
        desk.part()
        device.close()
        settings.close()
    if measured:
        timing.write(folder.path)
    return 0


def _trouble(operator: OperatorDevices, chunks: BusChunks, settings: SettingsDesk) -> str:
    return " ".join(filter(None, (operator.trouble, chunks.trouble, settings.trouble)))


def next_episode(folder: SessionFolder) -> int:
    """The number after the last episode in `folder`, so that a continued session counts on.

    Whatever bears an episode's name counts: a folder, a single file, what a crash left of either.
    """
    names = (_EPISODE.match(path.name) for path in folder.episodes.glob("episode_*"))
    return max((int(name[1]) for name in names if name), default=-1) + 1
