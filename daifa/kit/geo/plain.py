"""What is not a plain text: masked with stars, or a platform's ciphertext."""

from __future__ import annotations

import re

# Douyin #…#1##, Taobao and Douyin index forms #…#, Pinduoduo ~…~ and $…$, Kuaishou and JD long base64.
_WRAPPED = re.compile(r"^(?:#.{8,}#|~.{8,}~|\$.{8,}\$)(?:\d+#*)?$", re.DOTALL)
_BASE64 = re.compile(r"^[A-Za-z0-9+/_\-]{24,}={0,2}$")
_STARS = re.compile(r"[*＊✱∗]|[●•·．×]{3,}|[xX]{3,}|(?<=\d)[xX]{2,}(?=\d)|某某")


def is_masked(text: str) -> bool:
    """Whether parts of a name, phone or address are hidden (张*, 138****5678, 某路***)."""
    return bool(text) and ("*" in text or _STARS.search(text) is not None)


def looks_cipher(text: str) -> bool:
    """Whether a text is ciphertext as the platforms export it; a tracking number or a plain word is none."""
    text = text.strip()
    if len(text) < 10:
        return False
    if text[0] in "#~$":
        return _WRAPPED.match(text) is not None
    # Letters of both cases or a padding: 24 digits alone are a number.
    return _BASE64.match(text) is not None and (text.endswith("=") or (not text.isdigit() and not text.isalpha()))
