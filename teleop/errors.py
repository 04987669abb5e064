"""Everything that can go wrong, as types.

    NudgeError
    ├─ ConfigError(ValueError)            a setting out of range, an unknown name
    ├─ SetupError                         this machine lacks a library, display, permission
    ├─ SessionError                       session folder unwritable, or in use by another session
    ├─ DeviceError ── DeviceNotFound, DeviceForbidden(PermissionError), DeviceLost(ConnectionError)
    ├─ RobotError ── RobotFault
    ├─ BusError ── OrderTimeout(TimeoutError), MalformedMessage(ValueError)
    ├─ FrameLost                          the ring overtook the reader, or a camera is silent
    ├─ EpisodeError ── EpisodeIncomplete, SchemaMismatch, DiskFull, FolderBusy
    │  └─ ConversionError                 an export cannot be made, a foreign dataset not be read
    └─ PolicyError ── PolicyNotFound(FileNotFoundError), PolicyMismatch(ValueError)

Each message is one sentence or two: what is wrong, where, and what to do next. The program `nudge`
prints it and exits with 1; nothing else catches broadly.
"""


class NudgeError(Exception):
    """Base of every error this project raises on purpose."""


class ConfigError(NudgeError, ValueError):
    """A setting is out of its range or names something that does not exist."""


class SetupError(NudgeError):
    """The machine lacks something the program needs."""


class SessionError(NudgeError):
    """The session folder cannot be used."""


class DeviceError(NudgeError):
    """An operator's input device cannot be used."""


class DeviceNotFound(DeviceError):
    """No such device is connected."""


class DeviceForbidden(DeviceError, PermissionError):
    """The device is there, but this user may not open it."""


class DeviceLost(DeviceError, ConnectionError):
    """The device went away while it was in use."""


class RobotError(NudgeError):
    """The robot cannot do what was asked."""


class RobotFault(RobotError):
    """The robot reports a fault of its own."""


class BusError(NudgeError):
    """A message could not be exchanged."""


class OrderTimeout(BusError, TimeoutError):
    """No reply to an order within its time-out."""


class MalformedMessage(BusError, ValueError):
    """A payload that does not decode as its topic's type."""


class FrameLost(NudgeError):
    """A camera image was overwritten before it was read whole, or never came."""


class EpisodeError(NudgeError):
    """An episode file cannot be used."""


class EpisodeIncomplete(EpisodeError):
    """The file was never finished, or is cut off."""


class SchemaMismatch(EpisodeError):
    """The file is not an episode of a schema this version reads."""


class DiskFull(EpisodeError):
    """There is no room for what is to be written, but for the reserve."""


class FolderBusy(EpisodeError):
    """Another recorder writes into the same session."""


class ConversionError(EpisodeError):
    """A dataset of another format cannot be written, or not be read."""


class PolicyError(NudgeError):
    """A policy version cannot be used."""


class PolicyNotFound(PolicyError, FileNotFoundError):
    """No such version or file."""


class PolicyMismatch(PolicyError, ValueError):
    """The weights belong to another kind of policy, robot or instruction set."""
