"""One log line per request: method, route, status, time, tenant, actor. Never an address, a query or a body."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from daifa.kit import log

_log = log.get("daifa.web")
_UNTOLD = ("/assets/", "/favicon")


class RequestLog:
    """The outermost middleware: names the request (``X-Request-Id``), logs how it ended, and what broke."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve and tell."""
        trace, began = secrets.token_hex(8), time.perf_counter()
        log.begin(trace=trace)
        request.trace = trace  # type: ignore[attr-defined]  # told to whom something broke
        response = self.get_response(request)
        response["X-Request-Id"] = trace
        if not _is_untold(request, response):
            self._tell(request, response, round((time.perf_counter() - began) * 1000, 1))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Remember what broke; Django turns it into an answer."""
        request.failure = exception  # type: ignore[attr-defined]  # read by _tell

    def _tell(self, request: HttpRequest, response: HttpResponse, ms: float) -> None:
        actor = getattr(request, "actor", None)
        known = {
            "method": request.method,
            "route": _route(request),
            "status": response.status_code,
            "ms": ms,
            "tenant": getattr(request, "tenant_number", None),
            "actor": actor.key if actor else None,
        }
        failure = getattr(request, "failure", None)
        if response.status_code >= 500:
            _log.error("http.request", **known, exc_info=failure)
        else:
            _log.info("http.request", **known)


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return "unmatched"
    return match.route if match.route.startswith("api/") and ".*" not in match.route else (match.view_name or "page")


def _is_untold(request: HttpRequest, response: HttpResponse) -> bool:
    quiet = request.path.startswith(_UNTOLD) or request.path in {"/healthz", "/metrics"}
    return quiet and response.status_code < 400
