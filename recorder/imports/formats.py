"""Which formats are imported, and by what."""

from collections.abc import Callable
from dataclasses import dataclass

from recorder.imports.foreign import ForeignDataset, ForeignEpisode
from recorder.imports.mapping import Mapping
from teleop.errors import ConversionError
from teleop.messages import Arm

# What is known of a dataset without asking; of a single arm, it is to be this one.
Known = Callable[[ForeignDataset, ForeignEpisode, Arm], Mapping]


@dataclass(frozen=True)
class ImportFormat:
    """A row of the table of formats.

    Attributes:
        name: what the user types.
        target: `module:function` of an `OpenDataset`, imported only when used.
        known: `module:function` of a `Known`.
        summary: one line for the help page.
        needs: modules beyond the default installation.
    """

    name: str
    target: str
    known: str
    summary: str
    needs: tuple[str, ...] = ()

    @property
    def hdf5(self) -> bool:
        """Whether its files are HDF5."""
        return not self.needs


_KNOWN = "recorder.imports.known"
_ROBOMIMIC, _ALOHA = (f"recorder.imports.{name}:open_dataset" for name in ("robomimic", "aloha"))
FORMATS: tuple[ImportFormat, ...] = (
    ImportFormat(
        "robomimic",
        _ROBOMIMIC,
        f"{_KNOWN}:known_robomimic",
        "one HDF5 file of many demos; also robosuite, MimicGen, Sirius",
    ),
    ImportFormat(
        "isaaclab",
        _ROBOMIMIC,
        f"{_KNOWN}:known_robomimic",
        "Isaac Lab's recordings, which are of robomimic's layout",
    ),
    ImportFormat(
        "aloha",
        _ALOHA,
        f"{_KNOWN}:known_aloha",
        "a folder of episode_N.hdf5, with images as arrays or as JPEG (ACT, act-plus-plus)",
    ),
    ImportFormat(
        "busybox",
        _ALOHA,
        f"{_KNOWN}:known_aloha",
        "the BusyBox recorder's folders, with its manifest.json and states",
    ),
    ImportFormat(
        "lerobot",
        "recorder.imports.lerobot:open_dataset",
        f"{_KNOWN}:known_lerobot",
        "a folder of LeRobot's version 2 or 3",
        ("pyarrow", "av"),
    ),
)


def format_named(name: str) -> ImportFormat:
    """The row of that name. Raises ConversionError: there is none."""
    for row in FORMATS:
        if row.name == name:
            return row
    known = ", ".join(row.name for row in FORMATS)
    raise ConversionError(f"'{name}' is no format that can be imported; these are: {known}.")
