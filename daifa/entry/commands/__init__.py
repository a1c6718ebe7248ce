"""The commands of `daifa`, one module per subject; each has ``add_to(verbs)``."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

# What a person waits for most brings nothing along that the other commands need.
_ALONE = {"start": "product", "serve": "product"}


def modules(verb: str = "") -> list[ModuleType]:
    """Every command module (those with ``add_to``); only its own where a ``verb`` has no use for the others."""
    names = [_ALONE[verb]] if verb in _ALONE else [m.name for m in pkgutil.iter_modules(__path__)]
    found = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return [m for m in found if hasattr(m, "add_to")]
