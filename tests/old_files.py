"""Files as versions 1 and 2 of the recorder wrote them, kept for ever.

They were made by the commits that shipped those versions: twelve steps, the right arm taken over
at step 4 and handed back at step 8; a cut after ten of them; and a copy of the `.part` before the
end. Beside each lies what its own version's reader read in it.
"""

import gzip
import json
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent / "fixtures"
VERSIONS = (1, 2)


def old_file(folder: Path, version: int, name: str = "episode_00004.h5") -> Path:
    """Unpack a file under a name that tells which: an episode, a cut or a `.part`."""
    kind = "_cut_1.h5" if "_cut_" in name else ".h5.part" if name.endswith(".part") else ".h5"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(gzip.decompress((FIXTURES / f"version_{version}{kind}.gz").read_bytes()))
    return path


def old_content(version: int, cut: bool = False) -> dict[str, Any]:
    """What the reader of that version read."""
    name = f"version_{version}{'_cut_1' if cut else ''}.json"
    return json.loads((FIXTURES / name).read_text())
