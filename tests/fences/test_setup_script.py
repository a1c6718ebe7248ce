"""The first step of ./start: a Python without venv still gets uv, by its own pip, or is told what to do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SETUP = Path(__file__).resolve().parents[2] / ".setup.sh"
# A Python as Debian ships it: no ensurepip; ``HAS_PIP`` says whether python3-pip is there.
BARE = """#!/bin/sh
echo "$@" >> asked
case "$2" in
  venv) mkdir -p .cache/uv/bin; exit 1;;
  pip) [ -n "$HAS_PIP" ] || exit 1
       case "$*" in *--target*) mkdir -p .cache/uv/bin; touch .cache/uv/bin/uv; chmod +x .cache/uv/bin/uv;; esac;;
esac
"""


@pytest.mark.parametrize("has_pip", ["1", ""])
def test_uv_without_venv(tmp_path: Path, has_pip: str) -> None:
    shutil.copy(SETUP, tmp_path / ".setup.sh")
    python = tmp_path / "python"
    python.write_text(BARE)
    python.chmod(0o755)
    done = subprocess.run(
        ["sh", "-c", "set -eu; . ./.setup.sh; fetch_uv ./python"], cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HAS_PIP": has_pip}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode == 0, (tmp_path / ".cache/uv/bin/uv").exists()) == (bool(has_pip), bool(has_pip))
    if has_pip:
        assert "--target .cache/uv" in (tmp_path / "asked").read_text()
    else:
        assert "apt-get install -y python3-venv" in done.stderr
