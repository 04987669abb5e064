"""Where the files that ship with the program lie: scenes, the base policy, icons, sounds."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def assets_folder() -> Path:
    """Return `assets/` of a checkout, or its copy inside an installed wheel."""
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / "assets"
    return _PACKAGE / "_assets"


def asset_path(name: str) -> Path:
    """Return the path of the asset `name`, such as `policies/base.safetensors`.

    The file need not exist: whoever reads it says best what is missing.
    """
    return assets_folder() / name
