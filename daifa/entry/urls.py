"""Every address: the API (collected from every area, flows and reads), health, metrics, the page."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from daifa.base.web import make_api, merged
from daifa.entry import documents, health, metrics, page
from daifa.entry.middleware import broken, not_found
from daifa.entry.settings import AREAS

api = make_api()
homes = [*(f"daifa.areas.{a}" for a in AREAS), "daifa.flows", "daifa.reads"]
api.add_router("", merged(importlib.import_module(f"{h}.api").router for h in homes if find_spec(f"{h}.api")))


def _no_route(request: HttpRequest) -> HttpResponse:
    return not_found()


urlpatterns = [
    path("api/", api.urls),
    re_path(r"^api/.*$", _no_route),
    path("healthz", health.healthz),
    path("metrics", metrics.metrics),
    path("docs/<str:name>", documents.document),
    re_path(r"^(?!assets/).*$", page.page),
]
handler500 = broken
