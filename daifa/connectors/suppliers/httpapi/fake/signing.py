"""The protocol's signature, written from docs/supplier-protocol.md."""

from __future__ import annotations

import hashlib
import hmac

KEY_HEADER, TIME_HEADER, SIGNATURE_HEADER = "x-daifa-key", "x-daifa-timestamp", "x-daifa-signature"
# Seconds that the two clocks may be apart.
SKEW = 300


def sign(secret: str, method: str, target: str, timestamp: str, body: bytes) -> str:
    """Lower hexadecimal HMAC-SHA256. ``target``: path and query exactly as sent."""
    text = f"{method.upper()}\n{target}\n{timestamp}\n".encode() + body
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def same(ours: str, theirs: str) -> bool:
    """Compared without telling how far it was right."""
    return hmac.compare_digest(ours.encode(), theirs.encode())
