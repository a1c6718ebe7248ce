"""The product's own supervisor with web, an inside and two outside workers: for the chaos week to kill.

``CHAOS_WITHOUT`` names one safeguard that is taken out of this process's workers, to show that the proof can fail:
``reference`` (an unknown placing is simply placed again), ``reread`` (orders are not read again before money is
spent), ``overlap`` (windows do not overlap and end at once).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

# A killed worker's job is taken up again when its worker has been silent for a little longer than one heartbeat.
WORKER = """
import sys
import daifa.entry.worker as w
w.prepare(sys.argv[1])
from tests.promises.chaos import without
without.hurry()
without.take_out()
w.REVIVE_SECONDS, w.SILENT_SECONDS = 1, 7
w.main()
"""


def main() -> None:
    """Serve until SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    import django

    django.setup()
    from django.conf import settings

    from daifa.entry import postgres, serve

    port = int(sys.argv[1])
    serve.start_database()
    serve.migrate()
    web = serve.commands("127.0.0.1", port, 1)["web"]
    worker = [sys.executable, "-c", WORKER]
    family = serve.Family(
        {
            "web": web,
            "inside": [*worker, "inside"],
            "outside1": [*worker, "outside"],
            "outside2": [*worker, "outside"],
        },
        quiet=True,
    )

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        family.stopping = True

    signal.signal(signal.SIGTERM, _stop)
    try:
        ready = serve.Moment(lambda: serve.answers("127.0.0.1", port), lambda _family: serve.say("ready"))
        sys.exit(family.run(ready))
    finally:
        family.stop()
        postgres.stop(Path(settings.DAIFA_HOME))


if __name__ == "__main__":
    main()
