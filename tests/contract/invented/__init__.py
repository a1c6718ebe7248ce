"""A platform that does not exist, as one folder: what it proves is that a folder is enough (docs/adding-a-platform.md).

Python looks for the packages of shops here too, inside of ``beside``; the registry finds it by itself, as any other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daifa.connectors import registry, shops

KEY = "meiri"
HERE = str(Path(__file__).parent)


@contextmanager
def beside() -> Iterator[str]:
    """The folder lies beside the real platforms' inside the block; yields its key."""
    shops.__path__.append(HERE)
    _look_again()
    try:
        yield KEY
    finally:
        shops.__path__.remove(HERE)
        place = f"{shops.__name__}.{KEY}"
        for name in [n for n in sys.modules if n == place or n.startswith(f"{place}.")]:
            del sys.modules[name]
        vars(shops).pop(KEY, None)
        _look_again()


def _look_again() -> None:
    for known in (registry.connectors, registry.profiles, registry.promoter_columns, registry.fakes):
        known.cache_clear()
