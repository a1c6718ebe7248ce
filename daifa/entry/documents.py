"""What other companies' programmers need from us, to be opened and handed on from the screens."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase

from daifa.entry.middleware import not_found

# Name: as what a browser is to take it.
SERVED: Mapping[str, str] = {
    "supplier-protocol.md": "text/plain; charset=utf-8",
    "supplier-protocol.openapi.json": "application/json; charset=utf-8",
}


def document(request: HttpRequest, name: str) -> HttpResponseBase:
    """One of them, for whoever asks: nothing of a company stands in it."""
    path = settings.DOCS / name
    if name not in SERVED or not path.exists():
        return not_found()
    return FileResponse(path.open("rb"), content_type=SERVED[name])
