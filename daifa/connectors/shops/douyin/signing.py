"""Douyin's signatures: the canonical parameter text, the sign of a call, the sign of a push. Pure.

Rules and worked vectors: the open platform's guide as five public SDKs implement it (``tests/test_signing.py``).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

# The reference encoder escapes these and others do not (inferred): they are left out, so that both agree.
_DISPUTED = str.maketrans("", "", "\u2028\u2029")


def canonical(params: Mapping[str, Any]) -> str:
    """Business parameters as they are signed and sent: keys sorted at every level, no blanks, nothing escaped."""
    return orjson.dumps(_plain(params), option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.translate(_DISPUTED)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def sign(secret: str, app_key: str, method: str, param_json: str, timestamp: str) -> str:
    """The sign of a call (hmac-sha256); the token is not part of it."""
    pattern = f"app_key{app_key}method{method}param_json{param_json}timestamp{timestamp}v2"
    return hmac.new(secret.encode(), f"{secret}{pattern}{secret}".encode(), hashlib.sha256).hexdigest()


def event_sign(secret: str, app_key: str, body: bytes) -> str:
    """The sign of a push over the body as it came."""
    return hashlib.md5(app_key.encode() + body + secret.encode(), usedforsecurity=False).hexdigest()
