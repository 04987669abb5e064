"""What the arrays of a foreign dataset mean: the content of a mapping file.

Unknown keys are refused, so that a typing error is not taken for "not given"; that is why these are
msgspec's structs and not dataclasses. What is None was not said, and has to be before an import.
docs/imports.md explains the file.
"""

import hashlib
import tomllib
from enum import StrEnum
from pathlib import Path

import msgspec

from teleop.errors import ConversionError
from teleop.messages import Arm


class Kind(StrEnum):
    """What the numbers of an action stand for."""

    TWIST = "twist"  # velocity: linear, angular; times `scale` in m/s and rad/s
    DELTA_POSE = "delta_pose"  # displacement within one row; times `scale` in m and rad
    ABSOLUTE_POSE = "absolute_pose"  # where the tool is to be; position times `scale` in m
    JOINT_POSITION = "joint_position"  # needs recorded tool poses: their motion is the action
    JOINT_VELOCITY = "joint_velocity"  # likewise
    MOTION = "motion"  # no action array: the motion of the recorded tool poses is the action
    NONE = "none"  # actions that cannot be used: rows are recorded, and never learned from


class Frame(StrEnum):
    """The axes of a twist or displacement."""

    WORLD = "world"
    TOOL = "ee"


class Turn(StrEnum):
    """How an orientation is written."""

    WXYZ = "quaternion_wxyz"
    XYZW = "quaternion_xyzw"
    ROTVEC = "rotvec"  # axis times angle
    EULER = "euler_xyz"  # rad about fixed axes: first x, then y, then z
    SIX = "rotation_6d"  # the first two columns of the matrix


TURN_SIZE = {Turn.WXYZ: 4, Turn.XYZW: 4, Turn.ROTVEC: 3, Turn.EULER: 3, Turn.SIX: 6}


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns of an array, and what one unit of them is in SI units.

    Attributes:
        columns: all of the array if empty.
    """

    array: str
    columns: tuple[int, ...] = ()
    scale: float | tuple[float, ...] = 1.0


class Orientation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns of an array that tell an orientation in the world."""

    array: str
    columns: tuple[int, ...] = ()
    order: Turn | None = None


class Gripper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of an array, and its values at the two ends; or a constant opening."""

    array: str = ""
    column: int = 0
    open: float | None = None
    closed: float | None = None
    constant: float | None = None  # 0 closed to 1 open


class ActionPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an arm was made to do.

    Attributes:
        scale: one number, or one per column but those of an orientation.
        rotation: how the turning part of a displacement or a pose is written.
    """

    kind: Kind | None = None
    array: str = ""
    columns: tuple[int, ...] = ()
    scale: float | tuple[float, ...] | None = None
    frame: Frame = Frame.WORLD
    rotation: Turn = Turn.ROTVEC


class RobotModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model of the robot, by which tool poses follow from joint positions.

    Attributes:
        file: MJCF or URDF; a relative path starts at the mapping file.
        joints: names in the model, one for each column of `q`.
        tool: a site or body of the model.
    """

    file: str
    joints: tuple[str, ...]
    tool: str


class ArmPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One arm: its actions, and what was measured of it."""

    action: ActionPart = ActionPart()
    gripper: Gripper | None = None  # as it was commanded
    position: Part | None = None  # m, of the tool in the world
    rotation: Orientation | None = None
    opening: Gripper | None = None  # as it was measured; as commanded if not given
    model: RobotModel | None = None  # in place of position and rotation
    q: Part | None = None  # rad
    dq: Part | None = None  # rad/s
    wrench: Part | None = None  # N, Nm
    tactile: Part | None = None  # N; two pads of 8 by 8

    @property
    def has_poses(self) -> bool:
        """Whether the pose of the tool is known, recorded or by a model."""
        if self.model is not None:
            return self.q is not None
        return self.position is not None and self.rotation is not None


class Driver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who drove, where the dataset tells; without it every row is a demonstration.

    Attributes:
        columns: one for both arms, or one for the left and one for the right.
        demonstration: values of a person who drives without a policy.
        operator: of a person who corrects the policy.
        hold: of rows in which nobody drives. All other values are the policy's.
    """

    array: str
    columns: tuple[int, ...] = (0,)
    demonstration: tuple[float, ...] = ()
    operator: tuple[float, ...] = ()
    hold: tuple[float, ...] = ()


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole dataset.

    Attributes:
        fps: rows a second, 0: as the dataset says.
        cameras: a camera's name in the dataset, and what it is called here; others keep theirs.
        colours: the order of an image's channels; JPEGs are made anew if it is not the usual one.
    """

    fps: float = 0.0
    instruction: str = ""
    left: ArmPart | None = None
    right: ArmPart | None = None
    driver: Driver | None = None
    cameras: dict[str, str] = {}
    colours: str = "rgb"

    def arm(self, arm: Arm) -> ArmPart | None:
        """What is said of one arm."""
        return self.left if arm is Arm.LEFT else self.right

    def digest(self) -> str:
        """Short, and different for another mapping."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:8]


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        ConversionError: it is not there, is no TOML, or says what no mapping can say.
    """
    try:
        mapping = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Mapping)
    except OSError as error:
        raise ConversionError(
            f"Cannot read the mapping {path}: {error.strerror or error}."
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConversionError(f"The mapping {path} is no TOML file: {error}.") from error
    except msgspec.ValidationError as error:
        raise ConversionError(
            f"The mapping {path} says what no mapping can: {error}. docs/imports.md lists every "
            "key; --write-mapping writes a file to start from."
        ) from error
    if mapping.colours not in ("rgb", "bgr"):
        raise ConversionError(
            f"The mapping {path}: colours is '{mapping.colours}', not rgb or bgr."
        )
    return msgspec.structs.replace(
        mapping, left=_found(mapping.left, path), right=_found(mapping.right, path)
    )


def _found(part: ArmPart | None, path: Path) -> ArmPart | None:
    """The arm with the place of its model's file resolved."""
    if part is None or part.model is None:
        return part
    model = msgspec.structs.replace(part.model, file=str(path.parent / part.model.file))
    return msgspec.structs.replace(part, model=model)
