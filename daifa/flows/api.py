"""Routes of stories that go across areas, collected from ``routes``."""

from __future__ import annotations

from daifa.base.web import collect
from daifa.flows import routes

router = collect(routes)
