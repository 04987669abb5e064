"""`nudge camera`: one simulated camera, drawn in a process of its own into its frame ring.

The control process publishes the scene's positions each tick; this one draws the newest of them at
the camera's rate, so that neither the window nor a slow drawing ever touches the control loop.
"""

from dataclasses import dataclass
from pathlib import Path

import tyro

from teleop.bus import FRAME, HEALTH, SCENE, Publisher, Subscriber
from teleop.cli_options import parse
from teleop.clock import RealClock
from teleop.errors import ConfigError
from teleop.frames import FrameRing
from teleop.heartbeat import Heartbeat
from teleop.lifetime import Lifetime
from teleop.rendering import require_rendering
from teleop.session_folder import SessionFolder, camera_process
from teleop.session_record import read_record


@dataclass(frozen=True)
class CameraOptions:
    """Which camera of which session."""

    session: tyro.conf.Positional[Path]
    """the session folder, made by `nudge session`"""
    camera: str
    """name of a camera of the cell"""


def main(arguments: list[str]) -> int:
    """Draw until told to end; return the exit code."""
    options = parse(CameraOptions, arguments, prog="nudge camera", description=__doc__ or "")
    lifetime = Lifetime()
    folder = SessionFolder(options.session.absolute())
    config = read_record(folder).config
    require_rendering()
    # Only now: importing a cell imports MuJoCo, which the line above does with a clear error.
    from teleop.cameras.mujoco_camera import MujocoCamera
    from teleop.cells.plug.cameras import CAMERAS, OPERATOR_VIEW
    from teleop.cells.plug.scene import build_model

    if options.camera not in CAMERAS:
        raise ConfigError(
            f"There is no camera {options.camera!r} in this cell; there are {', '.join(CAMERAS)}."
        )
    rate_hz = config.view_hz if options.camera == OPERATOR_VIEW else config.camera_hz
    period_ns = round(1e9 / rate_hz)
    camera = MujocoCamera(build_model(), options.camera)
    ring = FrameRing(folder.frames, options.camera, camera.shape)
    name = camera_process(options.camera)
    clock = RealClock()
    with (
        Publisher(folder.endpoint(name)) as publisher,
        Subscriber([folder.endpoint("control")], [SCENE]) as scenes,
    ):
        heartbeat = Heartbeat(name, lambda sign: publisher.send(HEALTH, sign))
        deadline_ns = clock.now_ns()
        while not lifetime.over():
            scene = scenes.latest(SCENE)
            if scene is not None:
                camera.place(scene)
                publisher.send(FRAME, ring.write(camera.capture(), scene.stamp_ns))
            heartbeat.beat(clock.now_ns(), worked=scene is not None)
            deadline_ns = next_deadline_ns(deadline_ns, period_ns, clock.now_ns())
            clock.sleep_until_ns(deadline_ns)
    ring.close()
    camera.close()
    return 0


def next_deadline_ns(deadline_ns: int, period_ns: int, now_ns: int) -> int:
    """The next deadline of the grid that is not past; missed ones are left out, not made up for."""
    missed = max(0, (now_ns - deadline_ns) // period_ns)
    return deadline_ns + (missed + 1) * period_ns
