"""Every job that code can queue is known to a worker, which imports only what the settings name."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
import django
django.setup()
from procrastinate.contrib.django import app
app.perform_import_paths()
print("\\n".join(app.tasks))
"""
NAMED = re.compile(r'^@(?:tenant_task\(|app\.task\(name=)"([^"]+)"', re.MULTILINE)


def test_a_worker_knows_every_job() -> None:
    files = [p for p in (ROOT / "daifa").rglob("*.py") if "tests" not in p.parts and "simulator" not in p.parts]
    wanted = {name for p in files for name in NAMED.findall(p.read_text(encoding="utf-8"))}
    assert len(wanted) >= 15
    told = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert wanted - set(told.stdout.split()) == set(), "name its module in daifa/flows/jobs.py"
