"""1688's signatures: the gateway's over url path and parameters, a message's over its form alone.

Text = path (``param2/1/…/appKey``) and every parameter but the signature as name+value, the joined texts sorted (not
the names: official clients do so), then upper hex HMAC-SHA1 (platform sheet §1.1).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

SIGNATURE = "_aop_signature"


def sign(secret: str, path: str, parameters: Mapping[str, str]) -> str:
    """The signature of a call; ``path`` "" for a pushed message."""
    joined = "".join(sorted(k + v for k, v in parameters.items() if k != SIGNATURE))
    return hmac.new(secret.encode(), (path + joined).encode(), hashlib.sha1).hexdigest().upper()
