"""Where the cameras of an episode stood: kept in its header, a JSON object for each of them."""

from collections.abc import Sequence

import msgspec

from recorder.schema import Header
from teleop.camera_model import CameraModel


def as_texts(models: Sequence[CameraModel]) -> tuple[str, ...]:
    """The models as `Header.camera_models` keeps them."""
    return tuple(msgspec.json.encode(model).decode() for model in models)


def camera_models(header: Header) -> dict[str, CameraModel]:
    """The cameras whose place is known, by name; one that cannot be read is left out.

    Episodes of the simulated plug cell from before models were kept have them by their scene's
    name: the cell's cameras stood there all the time, and a scene's look follows from its name.
    """
    models: list[CameraModel] = []
    for text in header.camera_models:
        try:
            models.append(msgspec.json.decode(text, type=CameraModel))
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
    if not header.camera_models and not header.source and header.scene.startswith("plug/"):
        from teleop.cells.plug.camera_models import models_of_scene  # imports MuJoCo

        models = list(models_of_scene(header.scene))
    return {model.name: model for model in models if model.name in header.cameras}
