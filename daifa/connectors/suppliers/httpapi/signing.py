"""The supplier protocol's signature (docs/supplier-protocol.md): lower hex HMAC-SHA256 over four lines."""

from __future__ import annotations

import hashlib
import hmac

KEY, TIMESTAMP, SIGNATURE = "X-Daifa-Key", "X-Daifa-Timestamp", "X-Daifa-Signature"
# How old a webhook may be, seconds.
SKEW = 300


def sign(secret: str, method: str, target: str, timestamp: str, body: bytes) -> str:
    """``target``: path and query exactly as sent; ``timestamp``: Unix seconds as text."""
    text = f"{method.upper()}\n{target}\n{timestamp}\n".encode() + body
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
