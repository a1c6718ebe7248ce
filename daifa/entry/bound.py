"""Run a command that ends when its parent ends, however that ends: ``python -m daifa.entry.bound PARENT COMMAND…``.

On Linux the kernel sends SIGTERM at the parent's death, also after kill -9 (prctl(2), PR_SET_PDEATHSIG, kept over
execve). Elsewhere the next start finds what was left by its number. A step of its own, because code between fork and
exec must not run Python in a process that has threads.
"""

from __future__ import annotations

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def command(argv: list[str]) -> list[str]:
    """A command bound to this process."""
    return [sys.executable, "-m", "daifa.entry.bound", str(os.getpid()), *argv]


def main() -> None:
    """Bind, then become the command."""
    parent, argv = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            # It died before we were bound to it.
            sys.exit(1)
    os.execvp(argv[0], argv)  # noqa: S606  # our own supervisor's command, no shell wanted


if __name__ == "__main__":
    main()
