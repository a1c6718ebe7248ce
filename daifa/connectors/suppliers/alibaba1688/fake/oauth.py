"""Who may call: the app's keys, the page on which a buyer grants them, tokens and their end."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson

from daifa.connectors.suppliers.alibaba1688.fake.words import KEY, digest, moment
from daifa.ports.world import Reply, Request, World

LIFE = timedelta(hours=10)
REFRESH_LIFE = timedelta(days=180)
CODE_LIFE = timedelta(minutes=10)
PAGE = "/oauth/authorize"
_BUYERS = ("舒宜家居采购", "舒宜家居分销")


class Denied(Exception):
    """The token call says no."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


def app_key(world: World) -> str:
    """The merchant's app."""
    return str(1_000_000 + int(digest(world.seed, "app")[:8], 16) % 8_999_999)


def app_secret(world: World) -> str:
    """Its secret."""
    return digest(world.seed, "secret")[:12]


def accounts(world: World) -> Mapping[str, dict[str, Any]]:
    """The merchant's 1688 buyers by memberId; made on first use."""
    found = world.books.docs(KEY, "account")
    if found:
        return found
    for n, name in enumerate(_BUYERS):
        ali = 2_200_000_000 + int(digest(world.seed, "buyer", n)[:8], 16) % 99_999_999
        member = f"b2b-{ali}{digest(world.seed, n)[:4]}"
        world.books.put_doc(KEY, "account", member, {"name": name, "ali_id": str(ali), "refresh": ""})
    # From now on something happens to the offers by itself, day by day.
    world.after(86_400, KEY, "day")
    return world.books.docs(KEY, "account")


def _until(at: str) -> datetime:
    return datetime.fromisoformat(at)


def new_access(world: World, member: str) -> str:
    """One more access token; those before live to their own end."""
    token = digest(world.seed, "access", member, world.number("alibaba1688.token"))
    until = (world.now() + LIFE).isoformat()
    world.books.put_doc(KEY, "token", token, {"member": member, "until": until})
    account = dict(accounts(world)[member])
    world.books.put_doc(KEY, "account", member, {**account, "access": token, "until": until})
    return token


def new_refresh(world: World, member: str) -> str:
    """A new grant: its refresh token replaces the one before."""
    raw = digest(world.seed, "refresh", member, world.number("alibaba1688.token"))
    token = f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"
    account = dict(accounts(world)[member])
    until = (world.now() + REFRESH_LIFE).isoformat()
    world.books.put_doc(KEY, "account", member, {**account, "refresh": token, "refresh_until": until})
    return token


def member_of(world: World, token: str) -> str | None:
    """Whose token it is; None when it is unknown or its ten hours are over."""
    kept = world.books.doc(KEY, "token", token)
    return str(kept["member"]) if kept is not None and _until(kept["until"]) > world.now() else None


def expire(world: World, token: str) -> None:
    """The token's time is over before its time."""
    kept = world.books.doc(KEY, "token", token)
    if kept is not None:
        world.books.put_doc(KEY, "token", token, {**kept, "until": world.now().isoformat()})


def revoke(world: World, token: str) -> None:
    """The buyer took the grant back: nothing of it works any more."""
    kept = world.books.doc(KEY, "token", token)
    if kept is None:
        return
    member = str(kept["member"])
    for name, other in world.books.docs(KEY, "token").items():
        if other["member"] == member:
            world.books.drop_doc(KEY, "token", name)
    world.books.put_doc(KEY, "account", member, {**accounts(world)[member], "refresh": "", "access": ""})
    world.push(KEY, member, "AUTHORIZATION_CANCEL", {"memberId": member})


def granted(world: World) -> list[dict[str, str]]:
    """Every buyer with living tokens, for whoever connects without the page."""
    found = []
    for member, account in accounts(world).items():
        refresh = account.get("refresh") or new_refresh(world, member)
        access = account.get("access") or ""
        if not access or member_of(world, access) is None:
            access = new_access(world, member)
        found.append({"name": account["name"], "id": member, "access_token": access, "refresh_token": refresh})
    return found


def get_token(world: World, key: str, said: Mapping[str, str]) -> dict[str, Any]:
    """Code or refresh token into an access token. Raises Denied."""
    if key != app_key(world) or said.get("client_id") != key or said.get("client_secret") != app_secret(world):
        raise Denied("invalid_client", "client_id or client_secret is wrong")
    grant = said.get("grant_type")
    if grant == "authorization_code":
        return _from_code(world, said)
    if grant == "refresh_token":
        return _refreshed(world, said.get("refresh_token", ""))
    raise Denied("unsupported_grant_type", f"grant_type {grant} is not supported")


def _from_code(world: World, said: Mapping[str, str]) -> dict[str, Any]:
    code = said.get("code", "")
    kept = world.books.doc(KEY, "code", code)
    if kept is None or _until(kept["until"]) <= world.now() or said.get("redirect_uri") != kept["redirect"]:
        raise Denied("invalid_grant", "code is wrong, used or too old")
    world.books.drop_doc(KEY, "code", code)
    member = str(kept["member"])
    answer = _answer(world, member)
    if said.get("need_refresh_token") == "true":
        answer["refresh_token"] = new_refresh(world, member)
        answer["refresh_token_timeout"] = moment(world.now() + REFRESH_LIFE)
    world.push(KEY, member, "AUTHORIZATION_SUCCESS", {"memberId": member})
    return answer


def _refreshed(world: World, token: str) -> dict[str, Any]:
    for member, account in accounts(world).items():
        if token and account.get("refresh") == token and _until(account["refresh_until"]) > world.now():
            # No refresh token comes back: the one that is there stays.
            return _answer(world, member)
    raise Denied("invalid_grant", "refresh_token is invalid or expired")


def _answer(world: World, member: str) -> dict[str, Any]:
    account = accounts(world)[member]
    return {
        "aliId": account["ali_id"], "resource_owner": account["name"], "memberId": member,
        "expires_in": str(int(LIFE.total_seconds())), "access_token": new_access(world, member),
    }  # fmt: skip


def token_reply(world: World, key: str, request: Request) -> Reply:
    """The token call over HTTP; its errors are the OAuth kind, not the gateway's."""
    try:
        return Reply(body=orjson.dumps(get_token(world, key, {**request.pairs, **request.form})))
    except Denied as no:
        body = orjson.dumps({"error": no.error, "error_description": no.description})
        return Reply(400, body)


def page(world: World, request: Request) -> Reply:
    """The page on which the buyer says yes; its answer goes back to the app with a code."""
    said = {**request.pairs, **request.form}
    redirect = said.get("redirect_uri", "")
    if not redirect or not said.get("client_id"):
        return _html("缺少必要参数", 400)
    allowed = world.switch(KEY, "redirect_uris")
    good = redirect.startswith(("http://", "https://")) and (not allowed or redirect in allowed)
    if said["client_id"] != app_key(world) or not good:
        return _html("非法请求", 400)
    member = said.get("member", "")
    if request.method == "POST" and member in accounts(world):
        code = digest(world.seed, "code", world.number("alibaba1688.code"))
        until = (world.now() + CODE_LIFE).isoformat()
        world.books.put_doc(KEY, "code", code, {"member": member, "redirect": redirect, "until": until})
        joint = "&" if "?" in redirect else "?"
        back = redirect + joint + urlencode({"code": code, "state": said.get("state", "")})
        return Reply(302, headers={"Location": back})
    return _html(_form(world, said))


def _form(world: World, said: Mapping[str, str]) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(said.get(name, ""), quote=True)}">'
        for name in ("client_id", "redirect_uri", "state", "site")
    )
    buttons = "".join(
        f'<p><button name="member" value="{html.escape(member)}">以 {html.escape(a["name"])} 登录并授权</button></p>'
        for member, a in accounts(world).items()
    )
    return (
        "<h1>1688 授权</h1><p>应用「代发」申请：查看和创建您的采购订单、查看物流、发起付款和退款。</p>"
        f'<form method="post" action="{PAGE}">{hidden}{buttons}</form>'
    )


def _html(body: str, status: int = 200) -> Reply:
    text = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>1688</title></head><body>{body}</body>'
    )
    return Reply(status, f"{text}</html>".encode(), "text/html; charset=utf-8")
