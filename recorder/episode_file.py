"""Opening one HDF5 file of an episode: is it one of ours, and of which version?"""

import errno
from dataclasses import replace
from pathlib import Path

import h5py
import msgspec

from recorder.hdf5 import BROKEN, attribute
from recorder.header import read_header
from recorder.schema import FORMAT, Header
from teleop.errors import EpisodeError, EpisodeIncomplete, SchemaMismatch

READABLE = 3  # the newest version that is read here
_SIGNATURE = b"\x89HDF\r\n\x1a\n"


def open_episode(path: Path, mode: str = "r") -> h5py.File:
    """Open the file, or say why it cannot be one.

    Raises:
        EpisodeError: there is no such file, or it may not be read.
        SchemaMismatch: it is something else.
        EpisodeIncomplete: it is cut off or damaged.
        BlockingIOError: it is opened for writing while another process writes it.
    """
    try:
        with path.open("rb") as file:
            signature = file.read(len(_SIGNATURE))
        if signature != _SIGNATURE:
            raise SchemaMismatch(
                f"{path} is no episode file: it is not HDF5. Put back a copy of it, or move it out "
                "of the session."
            )
        return h5py.File(path, mode, locking=False if mode == "r" else None)
    except (FileNotFoundError, NotADirectoryError):
        raise EpisodeError(f"There is no episode file {path}.") from None
    except PermissionError:
        raise EpisodeError(f"The episode file {path} may not be read by this user.") from None
    except BlockingIOError:  # only when opened for writing: somebody else writes it
        raise
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            raise EpisodeError(
                f"{path} cannot be opened beside the other segments of its episode: this process "
                "has too many open files. Raise the limit (ulimit -n), or join the episode by "
                "`nudge repair`."
            ) from error
        raise EpisodeIncomplete(
            f"The episode file {path} is cut off or damaged ({error}). `nudge repair` saves what "
            "can still be read of it."
        ) from error


def check_header(file: h5py.File, path: Path) -> Header:
    """Return the header of an episode file.

    Raises:
        SchemaMismatch: it is none of ours, or of a later version.
    """
    try:
        kind, version = attribute(file, "format"), version_of(file)
    except KeyError:
        kind, version = "", 0
    if kind != FORMAT or version < 1:
        raise SchemaMismatch(f"{path} is an HDF5 file, but no episode of this program.")
    if version > READABLE:
        raise SchemaMismatch(
            f"{path} is of schema version {version}, this program reads up to {READABLE}; "
            "update it."
        )
    try:
        header = read_header(file)
    except (KeyError, msgspec.ValidationError) as error:
        raise SchemaMismatch(f"{path}: the episode's attributes are not whole: {error}.") from error
    if header.uid:
        return header
    # Versions 1 and 2 had none; a cut is of the same episode as the whole file beside it.
    stem = path.name.split(".")[0].split("_cut_")[0]
    return replace(header, uid=f"{stem}-{header.opened_epoch_ns}")


def version_of(file: h5py.File) -> int:
    """The schema version, 0: the attribute is no whole number. Raises KeyError: it has none."""
    version = attribute(file, "version")
    return version if isinstance(version, int) else 0
