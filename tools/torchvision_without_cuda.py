"""Lets torchvision's wheel from PyPI be imported where there is no CUDA; for `tools/peer-env`.

Its compiled part does not load there, and `import torchvision` then dies on the first operator it
describes. Declaring the operators' names is enough for everything but calling them. A `.pth` file
imports this module at the start of Python; it does nothing until torchvision is imported.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

_BOXES = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
OPERATORS = ("nms" + _BOXES, "qnms" + _BOXES)
_kept: list[object] = []  # a library's declarations live as long as it does


def declare() -> None:
    """Declare the operators, unless the compiled part is whole and will do so itself."""
    import torch

    found = [Path(folder) / "torchvision" for folder in sys.path]
    compiled = [path for folder in found for path in folder.glob("_C*.so")]
    try:
        torch.ops.load_library(compiled[0])
    except (IndexError, OSError):
        library = torch.library.Library("torchvision", "DEF")
        for schema in OPERATORS:
            library.define(schema)
        _kept.append(library)


class BeforeTorchvision(MetaPathFinder):
    """Declares the operators when torchvision is looked for the first time; finds nothing."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Implements the import machinery's method."""
        if fullname == "torchvision":
            sys.meta_path.remove(self)
            declare()
        return None


sys.meta_path.insert(0, BeforeTorchvision())
