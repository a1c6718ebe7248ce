"""The world is honest if clients that others wrote from the same documents can live in it.

Their environment is never the product's: name its Python in DAIFA_SDK_PYTHON (it needs ``doudian`` 0.6 and
``mcp-cn-commerce`` 0.1.6), else these tests are skipped.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = os.environ.get("DAIFA_SDK_PYTHON", "")


@pytest.mark.slow
@pytest.mark.skipif(not PYTHON, reason="DAIFA_SDK_PYTHON names no Python with the public clients")
def test_public_clients_authorise_read_ship_and_hear(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "daifa.entry.cli", "world", "--json", "--empty", "--home", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as world:
        assert world.stdout is not None
        line = world.stdout.readline()
        try:
            script = Path(__file__).with_name("douyin_clients.py")
            run = subprocess.run(
                [PYTHON, str(script)], input=line, capture_output=True, text=True, timeout=120, check=False
            )
        finally:
            world.send_signal(signal.SIGTERM)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout)
    assert found["doudian"]["token"]
    assert set(found["mcp"].values()) == {"ok"}, found
