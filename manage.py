"""Django's own commands, for developers (`daifa` is the product's command line)."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
