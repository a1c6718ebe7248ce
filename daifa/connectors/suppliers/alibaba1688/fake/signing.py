"""1688's signatures, written from the documents: the gateway's over path and parameters, a message's without path."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

SIGNATURE = "_aop_signature"


def sign(secret: str, path: str, params: Mapping[str, str]) -> str:
    """The signature of a call. ``path``: from ``param2`` on, without a leading slash.

    The official clients sort the joined name+value texts, not the names: ``a``=``z`` comes after ``a1``=``b``.
    """
    joined = sorted(name + value for name, value in params.items() if name != SIGNATURE)
    text = path + "".join(joined)
    return hmac.new(secret.encode(), text.encode(), hashlib.sha1).hexdigest().upper()


def sign_message(secret: str, form: Mapping[str, str]) -> str:
    """The signature of a pushed message: the same over the form alone."""
    return sign(secret, "", form)


def same(ours: str, theirs: str) -> bool:
    """Compared without telling how far it was right."""
    return hmac.compare_digest(ours.encode(), theirs.encode())
