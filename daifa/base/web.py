"""Routes in our manner: typed errors in Chinese, permission on the route, orjson answers, files as downloads."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from types import ModuleType
from typing import Any, cast
from urllib.parse import quote, urlsplit
from uuid import UUID

import orjson
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation, PathView
from ninja.renderers import BaseRenderer
from ninja.utils import check_csrf
from pydantic import ConfigDict

from daifa.base.actor import Actor
from daifa.kit.errors import AppError, Invalid, NotAllowed, NotSignedIn


class Given(Schema):
    """What a request's body says: an unknown field is refused: passed over, a misspelt one would mean "all"."""

    model_config = ConfigDict(extra="forbid")


class Refusal(Schema):
    """What every refusal looks like."""

    code: str
    message: str
    data: dict[str, Any] = {}


REFUSALS = {401: Refusal, 403: Refusal, 404: Refusal, 409: Refusal, 422: Refusal, 429: Refusal}


class Fast(BaseRenderer):
    """Answers by orjson: twice as fast, Chinese stays Chinese."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The JSON bytes."""
        try:
            return orjson.dumps(data, default=str)
        except TypeError:
            # Keys that are no text (ids): rare, and slower for all if asked for always.
            return orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS)


class May:
    """Route guard: signed in (session with CSRF, or token), with every permission named."""

    openapi_security_schema = {"type": "apiKey"}  # marks the route as guarded; OurAPI says how

    def __init__(self, *permissions: str) -> None:
        self.permissions = permissions

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor of the request. Raises NotSignedIn, NotAllowed."""
        actor = cast("Actor | None", getattr(request, "actor", None))
        if actor is None:
            raise NotSignedIn("not_signed_in", "请先登录。")
        if actor.via == "session" and check_csrf(request, lambda: None) is not None:
            raise NotAllowed("csrf_failed", "页面已过期，请刷新后再试。")
        for permission in self.permissions:
            actor.need(permission)
        return actor


class Myself(May):
    """Route guard for what a person does to their own account: a session, never a token."""

    def __call__(self, request: HttpRequest) -> Actor:
        """The actor of the request. Raises NotSignedIn, NotAllowed."""
        actor = super().__call__(request)
        if actor.via != "session" or actor.user_id is None:
            raise NotAllowed("session_needed", "接口令牌不能管理账号，请在浏览器里登录后操作。")
        return actor


def own_page(request: HttpRequest) -> None:
    """For doors without a session yet (sign-in): refuse what another site's page sends. Raises NotAllowed."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise NotAllowed("other_site", "请求来自其他网站，已拒绝。")
    origin = request.headers.get("Origin", "")
    ours = {urlsplit(o).netloc for o in settings.CSRF_TRUSTED_ORIGINS} | {request.get_host()}
    if origin and urlsplit(origin).netloc not in ours:
        raise NotAllowed("other_site", "请求来自其他网站，已拒绝。")


def actor_of(request: HttpRequest) -> Actor:
    """The actor whom the route's guard let in."""
    return cast("Actor", request.auth)  # type: ignore[attr-defined]  # set by the guard


def refusal(error: AppError) -> HttpResponse:
    """An AppError as an answer."""
    body = {"code": error.code, "message": error.message_zh, "data": dict(error.data)}
    response = HttpResponse(orjson.dumps(body, default=str), status=error.status, content_type="application/json")
    if "retry_after" in error.data:
        response["Retry-After"] = str(error.data["retry_after"])
    return response


# Where ninja looked for a value: not a name that anybody gave.
_PLACES = frozenset({"body", "query", "path", "header", "form", "file", "cookie"})
_PROBLEMS = {
    "missing": "没有填写",
    "extra_forbidden": "不是这里的字段",
    "enum": "不在可选的范围内",
    "literal_error": "不在可选的范围内",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "要小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "too_short": "至少 {min_length} 个",
    "too_long": "最多 {max_length} 个",
}


def _field(where: Sequence[object]) -> str:
    parts = [str(p) for p in where]
    if parts and parts[0] in _PLACES:
        # What has several fields is wrapped in the handler's argument.
        parts = parts[2:] if len(parts) > 2 else parts[1:]
    return ".".join(parts)


def _problem(error: Mapping[str, Any]) -> str:
    """What is wrong with a value, from pydantic's type of error and its bounds."""
    kind = str(error.get("type", ""))
    if kind in _PROBLEMS:
        return _PROBLEMS[kind].format_map(error.get("ctx", {}))
    return "格式不对" if kind.endswith(("_type", "_parsing", "_from_float")) else "不符合要求"


def _invalid(error: ValidationError) -> HttpResponse:
    found = [{"field": _field(e.get("loc", ())), "problem": _problem(e)} for e in error.errors]
    named = "；".join(f"{f['field'] or '请求'} {f['problem']}" for f in found)
    body = {"code": "invalid", "message": f"填写有误：{named}。请检查后重试。", "data": {"fields": found}}
    return HttpResponse(orjson.dumps(body, default=str), status=422, content_type="application/json")


def _integrity(error: IntegrityError) -> HttpResponse:
    diag = getattr(error.__cause__, "diag", None)
    # On Citus a worker names its shard's constraint: ``order_number_102013``. Shards count from 102008.
    name = re.sub(r"_\d{6,}$", "", getattr(diag, "constraint_name", "") or "")
    body = {"code": "constraint", "message": "与已有数据冲突，没有保存。请刷新后再试。", "data": {"constraint": name}}
    return HttpResponse(orjson.dumps(body), status=409, content_type="application/json")


def afterwards(request: HttpRequest, deed: Callable[[], None]) -> None:
    """Have ``deed`` done when the request's transaction is over, also when a refusal rolled it back."""
    request.__dict__.setdefault("afterwards", []).append(deed)


KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 200},
    "description": "Asking twice with the same key is answered once; another body under the same key is a 409.",
}


SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": "daifa_session"},
    "token": {"type": "http", "scheme": "bearer"},
}


class OurAPI(NinjaAPI):
    """The API whose document also tells what guards and middleware do: who may enter, and the key of every POST."""

    def get_openapi_schema(self, **kw: Any) -> Any:
        """The OpenAPI document."""
        schema = super().get_openapi_schema(**kw)
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                if "security" not in operation:
                    continue
                operation["security"] = [{name: []} for name in SECURITY]
                if method == "post":
                    operation["parameters"] = [*operation.get("parameters", []), KEY_HEADER]
        schema["components"]["securitySchemes"] = SECURITY
        return schema


def make_api() -> NinjaAPI:
    """The product's API with our renderer and error handlers."""
    api = OurAPI(title="代发 API", version="1", renderer=Fast(), docs_url=None, urls_namespace="api")
    api.add_exception_handler(AppError, _answer(refusal))
    api.add_exception_handler(ValidationError, _answer(_invalid))
    api.add_exception_handler(IntegrityError, _answer(_integrity))
    api.add_exception_handler(HttpError, _answer(_http))
    return api


def collect(package: ModuleType) -> Router:
    """One router of the ``router`` of every module in a package: adding routes is adding a module."""
    made = Router()
    for name in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
        module = importlib.import_module(f"{package.__name__}.{name}")
        if hasattr(module, "router"):
            made.add_router("", module.router)
    return made


def merged(routers: Iterable[Router]) -> Router:
    """Routers as one, so that an address may be read in one module and written in another.

    Raises ValueError when two modules answer the same address and method.
    """
    whole = Router()
    for router in _flat(routers):
        for path, view in router.path_operations.items():
            into = whole.path_operations.setdefault(path, PathView())
            taken = {m for o in into.operations for m in o.methods}
            for operation in view.operations:
                if both := taken & set(operation.methods):
                    raise ValueError(f"{'/'.join(sorted(both))} {path} is answered twice")
                operation.tags = operation.tags or router.tags
                operation.view_func = _asked_by_name(operation)
                into.operations.append(operation)
    return whole


def open_query[View: Callable[..., Any]](view: View) -> View:
    """A door that other companies knock at: they may add to its address what they like."""
    view.__dict__["open_query"] = True
    return view


def _asked_by_name(operation: Operation) -> Callable[..., Any]:
    """The view, which refuses a query parameter that nobody reads: passed over, a misspelt filter would mean "all"."""
    view = operation.view_func
    if getattr(view, "open_query", False):
        return view
    known = {name for m in operation.models if m.__ninja_param_source__ == "query" for name in m.__ninja_flatten_map__}

    @wraps(view)
    def asked(request: HttpRequest, **values: Any) -> Any:
        if strange := [name for name in request.GET if name not in known]:
            found = [{"field": name, "problem": "不是这里的参数"} for name in strange]
            named = "；".join(f"{f['field']} {f['problem']}" for f in found)
            raise Invalid("invalid", f"地址有误：{named}。请检查后重试。", fields=found)
        return view(request, **values)

    return asked


def _flat(routers: Iterable[Router]) -> Iterator[Router]:
    for router in routers:
        yield router
        yield from _flat(child for _, child, _ in router._routers)


def _http(error: HttpError) -> HttpResponse:
    words = (
        "请求的内容读不出来，应是 JSON。" if error.status_code == 400 else f"请求没有被接受（{error.status_code}）。"
    )
    made = AppError("http_error", words)
    made.status = error.status_code
    return refusal(made)


def _answer(make: Callable[[Any], HttpResponse]) -> Callable[[HttpRequest, Any], HttpResponse]:
    def handle(_request: HttpRequest, error: Any) -> HttpResponse:
        return make(error)

    return handle


def download(data: bytes, name: str, media: str = "application/octet-stream") -> HttpResponse:
    """Bytes as a file to save, with a Chinese name."""
    response = HttpResponse(data, content_type=media)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """Before → after of the fields that differ, for the audit log."""

    def plain(value: object) -> object:
        return str(value) if isinstance(value, UUID) else value

    return {k: [plain(before.get(k)), plain(v)] for k, v in after.items() if before.get(k) != v}
