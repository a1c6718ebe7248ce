"""Routes of screens that look at several areas, collected from ``routes``."""

from __future__ import annotations

from daifa.base.web import collect
from daifa.reads import routes

router = collect(routes)
