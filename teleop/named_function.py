"""Functions that tables name as `module:function`: nothing is imported before it is used."""

import importlib
from typing import Any


def named_function(target: str) -> Any:
    """Import the module of `module:function` and return the function."""
    module, function = target.split(":")
    return getattr(importlib.import_module(module), function)
