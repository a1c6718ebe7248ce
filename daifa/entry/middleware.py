"""Around every request: content security, the time, the tenant's transaction, once-only POSTs, refusals in words."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import orjson
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from daifa.areas.accounts.services import actors
from daifa.base import idempotency
from daifa.base.actor import Actor
from daifa.base.tenancy import tenant
from daifa.base.web import refusal
from daifa.kit import clock, log
from daifa.kit.errors import AppError

type Handler = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob: https: {pictures}; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; worker-src 'self' blob:; media-src 'self' blob:"
)


def content_security(get_response: Handler) -> Handler:
    """Give each page a nonce for its styles and forbid everything that is not ours."""

    def handle(request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]  # read by the page view
        response = get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", POLICY.format(nonce=nonce, pictures=settings.PICTURES_FROM)
        )
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        return response

    return handle


def tell_time(get_response: Handler) -> Handler:
    """Say in each answer what time it is here: the world's, which the browser counts its clocks by."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["X-Now"] = clock.now().isoformat()
        return response

    return handle


# Doors are opened outside any tenant: a failed try must stay counted although the refusal rolls back.
DOORS = frozenset({"/api/sign-in", "/api/sign-out", "/api/first-run"})
# A supplier's link, a platform's push and the way back from an authorisation lead to a company by themselves, whoever
# is signed in in this browser; what they call outside must not hold a transaction open.
OWN_DOORS = ("/api/s/", "/api/push/", "/api/authorized")


def tenant_scope(get_response: Handler) -> Handler:
    """Find who asks; run their request inside their tenant, in one transaction that a refusal rolls back."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/") or request.path in DOORS or request.path.startswith(OWN_DOORS):
            return get_response(request)
        try:
            found = actors.of_request(request)
            response = get_response(request) if found is None else _inside(request, *found)
        except AppError as error:
            response = refusal(error)
        for deed in request.__dict__.get("afterwards", []):
            deed()
        return _wrong_method(response) if response.status_code == 405 else response

    def _inside(request: HttpRequest, number: int, load: Callable[[], Actor | None]) -> HttpResponse:
        request.tenant_number = number  # type: ignore[attr-defined]  # read by the request log
        log.bind(tenant=number)
        with tenant(number):
            actor = load()
            log.bind(actor=actor.key if actor else None)
            request.actor = actor  # type: ignore[attr-defined]  # read by the route guards
            response = _once(request, actor, get_response) if actor else get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response

    return handle


def _once(request: HttpRequest, actor: Actor, get_response: Handler) -> HttpResponse:
    given = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not given:
        return get_response(request)
    key = f"{actor.key}:{given}"
    stored = idempotency.begin(key, request.path, idempotency.body_digest(request))
    if stored is not None:
        status, answer = stored
        return HttpResponse(answer, status=status, content_type="application/json")
    response = get_response(request)
    if response.status_code >= 400:
        return response
    if response.get("Content-Type", "").startswith("application/json") and not response.streaming:
        idempotency.finish(key, request.path, response.status_code, response.content.decode())
    else:
        idempotency.release(key, request.path)
    return response


def _wrong_method(response: HttpResponse) -> HttpResponse:
    known = response.headers.get("Allow", "")
    told = _refused(405, "wrong_method", f"这个接口地址只接受 {known}。")
    told["Allow"] = known
    return told


def broken(request: HttpRequest) -> HttpResponse:
    """Whatever nobody foresaw: a program gets JSON, a person a line; the details are in the log."""
    number = getattr(request, "trace", "")
    said = f"服务器出错，没有做完。请稍后再试；还不行，把编号 {number} 发给管理员，日志里能找到。"
    if request.path.startswith("/api/"):
        return _refused(500, "internal", said)
    return HttpResponse(said, status=500, content_type="text/plain; charset=utf-8")


def _refused(status: int, code: str, message: str) -> HttpResponse:
    body = orjson.dumps({"code": code, "message": message, "data": {}})
    return HttpResponse(body, status=status, content_type="application/json")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A request without its CSRF token."""
    body = {"code": "csrf_failed", "message": "页面已过期，请刷新后再试。", "data": {}}
    return JsonResponse(body, status=403, json_dumps_params={"ensure_ascii": False})


def not_found() -> HttpResponse:
    """An unknown address below /api/."""
    return _refused(404, "no_such_route", "没有这个接口地址。")
