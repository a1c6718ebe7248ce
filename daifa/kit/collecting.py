"""The garbage collector while millions of plain values are alive."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def patient_collector() -> Iterator[None]:
    """Look for cycles rarely: the rows of a big file hold none, and going over them took a sixth of an import.

    The setting is the process's; where two pieces of work overlap, the first to end restores it for both.
    """
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
