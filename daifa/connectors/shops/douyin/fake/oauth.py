"""Applications, the merchant's consent page, and tokens: 7 days, 14 days, and the rules of refreshing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import quote

from daifa.connectors.shops.douyin.fake import factory
from daifa.connectors.shops.douyin.fake.call import KEY, Fail, business
from daifa.ports.world import Reply, Request, ShopProfile, World

APP_KEY = "7200000000000000001"
# Of the service market; the fake takes any.
SERVICE_ID = "24070"
SERVICE_ID = "24070"
ACCESS, REFRESH, CODE = timedelta(days=7), timedelta(days=14), timedelta(minutes=10)
LAST_HOUR = timedelta(hours=1)


def app_secret(world: World, app_key: str) -> str:
    """The secret of an application. Refuses the ones that do not exist."""
    if len(app_key) != 19 or not app_key.isdigit():
        raise Fail(40003, "isv.app-id-invalid", "app_key 应为 19 位数字")
    known = world.books.doc(KEY, "app", app_key)
    if known is not None:
        return str(known["secret"])
    if app_key != APP_KEY:
        raise Fail(40003, "isv.app-id-invalid", "app_key 不存在")
    digest = hashlib.sha256(f"{world.seed}:{app_key}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"


def every_shop(world: World) -> list[ShopProfile]:
    """Shops and factories: whoever can authorise."""
    return [*world.shops(KEY), *factory.shops(world)]


def _secret_text(world: World, what: str) -> str:
    n = world.number("douyin_token")
    return hashlib.sha256(f"{world.seed}:{what}:{n}".encode()).hexdigest()[:32]


def page(world: World, request: Request) -> Reply:
    """The consent page: GET shows it, POST (the button) sends the merchant back with a code."""
    said = {**request.pairs, **request.form}
    shops = every_shop(world)
    chosen = next((s for s in shops if s.id == said.get("shop_id", shops[0].id)), shops[0])
    if request.method == "POST" and said.get("approve") == "1":
        code = _secret_text(world, "code")
        app_key = said.get("app_key") or APP_KEY
        until = (world.now() + CODE).isoformat()
        world.books.put_doc(KEY, "code", code, {"shop": chosen.id, "app_key": app_key, "until": until, "used": False})
        world.books.put_doc(KEY, "grant", f"{app_key}:{chosen.id}", {"open": True})
        back = said.get("redirect_uri") or str(world.switch(KEY, "app_callback"))
        if not back:
            return Reply(200, f"code={code}".encode(), "text/plain;charset=utf-8")
        joint = "&" if "?" in back else "?"
        place = f"{back}{joint}code={code}&state={quote(said.get('state', ''))}"
        return Reply(302, b"", "text/html", {"location": place})
    fields = "".join(
        f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in said.items() if k != "shop_id"
    )
    options = "".join(
        f'<option value="{escape(s.id)}"{" selected" if s is chosen else ""}>{escape(s.name)}</option>' for s in shops
    )
    text = (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>抖店服务市场 授权</title></head><body>'
        f'<h1>授权给应用</h1><form method="post" action="/authorize">{fields}'
        f'<label>店铺 <select name="shop_id">{options}</select></label> '
        '<button name="approve" value="1">同意授权</button></form></body></html>'
    )
    return Reply(200, text.encode(), "text/html;charset=utf-8")


def create(world: World, app_key: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """A code, or a self-built application's own shop, becomes tokens."""
    kind = str(params.get("grant_type", ""))
    if kind == "authorization_code":
        code = world.books.doc(KEY, "code", str(params.get("code", "")))
        if code is None or code["used"] or code["app_key"] != app_key:
            raise _failed("code-invalid")
        if datetime.fromisoformat(code["until"]) < world.now():
            raise _failed("code-expired")
        world.books.put_doc(KEY, "code", str(params["code"]), {**code, "used": True})
        return _answer(world, app_key, str(code["shop"]))
    if kind == "authorization_self":
        shops = every_shop(world)
        wanted = shops[0].id if str(params.get("test_shop", "")) == "1" else str(params.get("shop_id", ""))
        if all(s.id != wanted for s in shops):
            raise _failed("no-authorization")
        world.books.put_doc(KEY, "grant", f"{app_key}:{wanted}", {"open": True})
        return _answer(world, app_key, wanted)
    raise _failed("grant-type-invalid")


def _failed(why: str) -> Fail:
    return Fail(50001, f"dop.token-generate-failed:{why}", f"生成 token 失败：{why}")


def _answer(world: World, app_key: str, shop_id: str) -> dict[str, Any]:
    """The shop's current pair while it is good for more than an hour, else a new one."""
    current = world.books.doc(KEY, "current", f"{app_key}:{shop_id}")
    token = world.books.doc(KEY, "token", str(current["access"])) if current else None
    if token is None or datetime.fromisoformat(token["until"]) - world.now() <= LAST_HOUR:
        token = _make(world, app_key, shop_id)
    return _told(world, token)


def _make(world: World, app_key: str, shop_id: str) -> dict[str, Any]:
    now = world.now()
    token = {
        "access": _secret_text(world, "access"), "refresh": _secret_text(world, "refresh"), "app_key": app_key,
        "shop": shop_id, "until": (now + ACCESS).isoformat(), "refresh_until": (now + REFRESH).isoformat(),
        "renewed": "", "renewed_at": "",
    }  # fmt: skip
    _keep(world, token)
    world.books.put_doc(KEY, "current", f"{app_key}:{shop_id}", {"access": token["access"]})
    return token


def _keep(world: World, token: dict[str, Any]) -> None:
    world.books.put_doc(KEY, "token", token["access"], token)
    world.books.put_doc(KEY, "refresh", token["refresh"], {"access": token["access"]})


def _told(world: World, token: Mapping[str, Any]) -> dict[str, Any]:
    left = int((datetime.fromisoformat(token["until"]) - world.now()).total_seconds())
    shop = next(s for s in every_shop(world) if s.id == token["shop"])
    return {
        "access_token": token["access"], "expires_in": max(left, 0), "scope": "SCOPE", "shop_id": shop.id,
        "shop_name": shop.name, "refresh_token": token["refresh"], "authority_id": "", "auth_subject_type": "",
    }  # fmt: skip


def refresh(world: World, app_key: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """More than an hour left: the same pair; the last hour: a new pair beside the old; later: a new pair alone."""
    if str(params.get("grant_type", "refresh_token")) != "refresh_token":
        raise _failed("grant-type-invalid")
    found = world.books.doc(KEY, "refresh", str(params.get("refresh_token", "")))
    token = world.books.doc(KEY, "token", str(found["access"])) if found else None
    if token is None or token["app_key"] != app_key:
        raise business(31009, "refresh_token 不存在")
    now = world.now()
    if datetime.fromisoformat(token["refresh_until"]) <= now:
        raise _failed("token-expired")
    _still_granted(world, app_key, str(token["shop"]))
    if token["renewed"]:
        return _again(world, token)
    left = datetime.fromisoformat(token["until"]) - now
    if left > LAST_HOUR:
        return _told(world, token)
    fresh = _make(world, app_key, str(token["shop"]))
    until = now + LAST_HOUR if left > timedelta(0) else now
    _keep(world, {**token, "until": until.isoformat(), "renewed": fresh["access"], "renewed_at": now.isoformat()})
    return _told(world, fresh)


def _again(world: World, token: Mapping[str, Any]) -> dict[str, Any]:
    since = (world.now() - datetime.fromisoformat(token["renewed_at"])).total_seconds()
    if since < world.switch(KEY, "refresh_collision"):
        raise business(31012, "正在刷新，请稍后重试")
    fresh = world.books.doc(KEY, "token", str(token["renewed"]))
    if fresh is None or world.switch(KEY, "refresh_again") == "invalid":
        raise _failed("token-invalid")
    return _told(world, fresh)


def _still_granted(world: World, app_key: str, shop_id: str) -> None:
    grant = world.books.doc(KEY, "grant", f"{app_key}:{shop_id}")
    if grant is None:
        raise Fail(30001, "dop.authorization-no-existed", "授权不存在")
    if not grant["open"]:
        raise Fail(30001, "dop.authorization-closed", "商家已关闭授权")


def shop_of(world: World, app_key: str, access_token: str) -> ShopProfile:
    """The shop that a token opens, or the refusal."""
    if not access_token:
        raise Fail(40001, "isv.access-token-missing", "缺少 access_token")
    token = world.books.doc(KEY, "token", access_token)
    if token is None:
        raise Fail(40003, "isv.access-token-no-existed", "access_token不存在")
    if token["app_key"] != app_key:
        raise Fail(40003, "isv.access-token-invalid", "access_token 属于别的应用")
    if datetime.fromisoformat(token["until"]) <= world.now():
        raise Fail(40003, "isv.access-token-expired", "access_token已过期")
    _still_granted(world, app_key, str(token["shop"]))
    return next(s for s in every_shop(world) if s.id == token["shop"])


def granted(world: World, shop: ShopProfile) -> dict[str, Any]:
    """The shop with tokens of the standard application, authorised if it never was."""
    if world.books.doc(KEY, "grant", f"{APP_KEY}:{shop.id}") is None:
        world.books.put_doc(KEY, "grant", f"{APP_KEY}:{shop.id}", {"open": True})
    told = _answer(world, APP_KEY, shop.id)
    return {
        "name": shop.name, "id": shop.id, "access_token": told["access_token"],
        "refresh_token": told["refresh_token"], "expires_in": told["expires_in"],
    }  # fmt: skip


METHODS: Mapping[str, Callable[[World, str, Mapping[str, Any]], Any]] = {
    "token.create": create,
    "token.refresh": refresh,
}
