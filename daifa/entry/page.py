"""The one page: the built web bundle's index with this request's style nonce."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token


@lru_cache(maxsize=1)
def _index() -> str:
    path = settings.WEB_DIST / "index.html"
    if not path.exists():
        return ""
    return str(path.read_text(encoding="utf-8"))


def page(request: HttpRequest) -> HttpResponse:
    """The web application, whatever the address inside it."""
    get_token(request)
    text = _index()
    if not text:
        return HttpResponse("网页还没有构建。请运行 ./start。", status=503, content_type="text/plain; charset=utf-8")
    nonce: str = request.csp_nonce  # type: ignore[attr-defined]  # set by content_security
    response = HttpResponse(text.replace("__CSP_NONCE__", nonce))
    response["Cache-Control"] = "no-store"
    return response
