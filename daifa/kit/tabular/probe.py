"""A trial reading in a process of its own, for formats whose damage can abort the reader instead of raising.

The Rust reader allocates what a binary workbook (xls, xlsb) or an OpenDocument claims to hold; a claim of terabytes
ends the whole process, and with it every other job of a worker. So such files are read once by a child that may die.
They are small and rare; xlsx, the large and usual case, is checked from its text (``workbook``).
"""

from __future__ import annotations

import subprocess
import sys

_SECONDS = 120
_MEMORY = 3 << 30
_CHILD = f"""
import io, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY}))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
for name in book.sheet_names:
    sheet = book.get_sheet_by_name(name)
    sheet.to_python(skip_empty_area=True, nrows=1)
"""


def survives(data: bytes) -> bool:
    """Whether a child process reads the workbook without dying. An ordinary exception in the child counts as yes:
    the caller will meet the same one and name it."""
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-c", _CHILD], input=data, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return child.returncode in (0, 1)
