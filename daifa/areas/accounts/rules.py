"""Pure decisions about people: one-time codes, recovery codes, who may give which rights, what a browser is called."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS, DIGITS, DRIFT = 30, 6, 1  # RFC 6238; one step of drift to either side
RECOVERY_CODES = 10
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def step_of(at: datetime) -> int:
    """The number of the 30-second step of a moment."""
    return int(at.timestamp()) // STEP_SECONDS


def accepted_step(secret: bytes, code: str, at: datetime, last_step: int) -> int | None:
    """The step a one-time code belongs to, or None: wrong, too old, or of a step that was used already."""
    # The standard's algorithm, as every authenticator has it; nothing else is hashed with SHA-1.
    made = TOTP(secret, DIGITS, SHA1(), STEP_SECONDS, enforce_key_length=False)  # noqa: S303
    now = step_of(at)
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        right = hmac.compare_digest(made.generate(step * STEP_SECONDS), code.encode())
        if right and step > last_step:
            found = step
    return found


def provisioning_uri(secret: bytes, login: str, issuer: str) -> str:
    """What an authenticator reads from the QR code."""
    from base64 import b32encode

    label = f"{quote(issuer)}:{quote(login)}"
    text = b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/{label}?secret={text}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP_SECONDS}"


def new_recovery_codes() -> list[str]:
    """Ten codes ``ABCDE-FGHJK`` (49 bits each) for the day the phone is lost."""
    return ["-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in "ab") for _ in range(RECOVERY_CODES)]


def recovery_hash(user_id: int, code: str) -> str:
    """What is kept of a recovery code; spaces, dashes and case do not matter."""
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())
    return hashlib.sha256(f"{user_id}:{plain}".encode()).hexdigest()


def is_one_time_code(text: str) -> bool:
    """Whether what was typed looks like a six-digit code (else it may be a recovery code)."""
    return re.fullmatch(r"[0-9]{6}", text) is not None


def not_held(mine: Collection[str], wanted: Sequence[str]) -> list[str]:
    """The permissions among ``wanted`` that somebody with ``mine`` may not give (``*`` holds all)."""
    return [] if "*" in mine else [p for p in wanted if p not in mine]


_SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "安卓"), ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge"), ("Firefox", "Firefox"),
    ("QQBrowser", "QQ浏览器"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def device(agent: str) -> str:
    """A browser's User-Agent as a person would say it: ``Chrome · Windows``."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(p for p in (browser, system) if p) or "未知设备"
