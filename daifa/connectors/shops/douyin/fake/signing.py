"""Douyin's signatures, written from the documents alone."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any


def canonical(value: Any) -> str:
    """The parameter text as the documents want it: keys sorted, no blanks, nothing escaped without need."""
    return json.dumps(_whole(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {k: _whole(v) for k, v in value.items()}
    return [_whole(v) for v in value] if isinstance(value, list) else value


def sign(secret: str, app_key: str, method: str, param_json: str, timestamp: str, how: str) -> str:
    """The sign of a call; ``how``: hmac-sha256 or md5."""
    pattern = f"app_key{app_key}method{method}param_json{param_json}timestamp{timestamp}v2"
    text = f"{secret}{pattern}{secret}".encode()
    if how == "md5":
        return hashlib.md5(text, usedforsecurity=False).hexdigest()
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def event_sign(secret: str, app_key: str, body: bytes) -> str:
    """The sign of a push."""
    return hashlib.md5(app_key.encode() + body + secret.encode(), usedforsecurity=False).hexdigest()


def event_sign_v2(secret: str, app_key: str, body: bytes) -> str:
    """The newer sign of a push."""
    return hmac.new(secret.encode(), app_key.encode() + body + secret.encode(), hashlib.sha256).hexdigest()
