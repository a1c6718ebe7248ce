"""The product's own supervisor with its database and two workers, without the web: for the kill test to kill."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

# A killed worker's job is taken up again when its worker has been silent for a little longer than one heartbeat.
WORKER = "import daifa.entry.worker as w; w.REVIVE_SECONDS = 1; w.SILENT_SECONDS = 7; w.main()"


def main() -> None:
    """Serve until SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    import django

    django.setup()
    from django.conf import settings

    from daifa.entry import postgres, serve

    serve.start_database()
    serve.migrate()
    family = serve.Family({n: [sys.executable, "-c", WORKER] for n in ("worker1", "worker2")}, quiet=True)

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        family.stopping = True

    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(family.run(serve.Moment(lambda: True, lambda _family: serve.say("ready"))))
    finally:
        family.stop()
        postgres.stop(Path(settings.DAIFA_HOME))


if __name__ == "__main__":
    main()
