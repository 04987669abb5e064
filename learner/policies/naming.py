"""What people call a policy or a version: a session, `SESSION:VERSION`, a number, a folder."""

import re
from dataclasses import dataclass
from pathlib import Path

from teleop.errors import PolicyNotFound, SessionError
from teleop.serving import MANIFEST, serving_version, version_folder
from teleop.session_folder import SessionFolder

SESSIONS = Path("sessions")
_NUMBER = re.compile(r":?v?(\d+)")
_AT = re.compile(r"(.+):v?(\d+)")


@dataclass(frozen=True)
class Named:
    """A session, and one of its versions.

    Attributes:
        version: -1: none was named.
    """

    session: SessionFolder
    version: int = -1

    @property
    def folder(self) -> Path:
        """Of the named version, else of the serving one.

        Raises:
            PolicyNotFound: there is no such version, or none is served.
            PolicyMismatch: the pointer is broken.
        """
        policies = self.session.policies
        version = self.version if self.version >= 0 else serving_version(policies)
        folder = version_folder(policies, version)
        if not (folder / MANIFEST).is_file():
            raise PolicyNotFound(
                f"There is no version {version} in '{self.session.path}'. "
                f"`nudge policy list {self.session.path}` names those that are."
            )
        return folder


def newest_session(base: Path = SESSIONS) -> SessionFolder:
    """The session under `base` that was started last.

    Raises:
        SessionError: there is none.
    """
    records = [path for path in base.glob("*/session.json") if (path.parent / "policies").is_dir()]
    if not records:
        raise SessionError(
            f"There is no session with policies in '{base.absolute()}'; name the session's folder."
        )
    return SessionFolder(max(records, key=lambda path: path.stat().st_mtime).parent)


def named(text: str, base: Path = SESSIONS) -> Named:
    """What `text` means; nothing at all is the newest session under `base`.

    Raises:
        SessionError: there is no such session.
        PolicyNotFound: the session has no policies.
    """
    if not text:
        return Named(newest_session(base))
    if (number := _NUMBER.fullmatch(text)) and not Path(text).exists():
        return Named(newest_session(base), int(number[1]))
    version = -1
    if (both := _AT.fullmatch(text)) and not Path(text).exists():
        text, version = both[1], int(both[2])
    return Named(_session(Path(text).expanduser()), version)


def _session(path: Path) -> SessionFolder:
    if not path.is_dir():
        raise SessionError(f"There is no session folder '{path}'.")
    folder = SessionFolder(path)
    if not any(folder.policies.glob(f"v*/{MANIFEST}")):
        raise PolicyNotFound(
            f"The session '{path}' has no policies; they come with its first start."
        )
    return folder
