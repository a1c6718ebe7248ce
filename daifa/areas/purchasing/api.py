"""Routes of purchasing, collected from ``routes``."""

from __future__ import annotations

from daifa.areas.purchasing import routes
from daifa.base.web import collect

router = collect(routes)
