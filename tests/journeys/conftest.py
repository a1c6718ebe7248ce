"""A whole product for the journeys: its own home, its own port, the demo company, a real browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from daifa.simulator.seeding import LOGIN, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 150


@dataclass(frozen=True)
class Product:
    """A running product: where it is, and where it keeps everything."""

    address: str
    home: Path


def sign_in(page: Page, address: str) -> None:
    """As the demo's owner, from the first screen."""
    page.goto(f"{address}/login")
    page.locator("input").first.fill(LOGIN)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="今日", level=1)).to_be_visible(timeout=30_000)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`daifa start` with the demo company; stopped as Ctrl-C would."""
    home, port = tmp_path_factory.mktemp("home"), _free_port()
    environment = {**os.environ, "DAIFA_HOME": str(home)}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        environment.pop(name, None)
    argv = [sys.executable, "-m", "daifa.entry.cli", "start", "--port", str(port), "--no-browser"]
    with open(home / "start.log", "wb") as log:
        child = subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, child, home)
        yield Product(address, home)
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(30)


def _wait(address: str, child: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert child.poll() is None, (home / "start.log").read_text()
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError((home / "start.log").read_text())
