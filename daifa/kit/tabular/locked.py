"""Password-protected workbooks: opened with the file-name rule first, then with the password a person gave."""

from __future__ import annotations

import io
import re
from pathlib import PurePath

import msoffcrypto

from daifa.kit.tabular.sheets import locked, unreadable

_SPIN = re.compile(rb'spinCount="(\d+)"')
_MAX_SPIN = 1_000_000


def passwords_to_try(name: str, password: str | None) -> list[str]:
    """Kuaishou locks its order export with the last six characters of the file's own name; then what was given.

    Copies saved by a browser carry `` (1)``, which is no part of the original name.
    """
    stem = PurePath(name.replace("\\", "/")).name.rsplit(".", 1)[0]
    original = re.sub(r"\s*[(（]\d+[)）]$", "", stem)
    tries = [s[-6:] for s in (stem, original) if len(s) >= 6]
    if password:
        tries.append(password)
    return list(dict.fromkeys(tries))


def unlock(data: bytes, name: str, password: str | None) -> bytes:
    """The plain workbook inside an OLE file; the same bytes when it is not locked (an ordinary xls).

    Raises PasswordNeeded when no password opens it, UnreadableFile when the container is broken.
    """
    spins = [int(n) for n in _SPIN.findall(data)]
    if any(n > _MAX_SPIN for n in spins):
        raise unreadable(name, "的加密参数异常", "请在 Excel 里去掉密码、另存后再导入。")
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        encrypted = office.is_encrypted()
    except Exception:  # noqa: BLE001 - hostile bytes break that parser in any way; calamine then names the fault
        return data
    if not encrypted:
        return data
    for attempt in passwords_to_try(name, password):
        opened = _open_with(data, attempt)
        if opened is not None:
            return opened
    raise locked(name, tried=password is not None)


def _open_with(data: bytes, password: str) -> bytes | None:
    out = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=password)
        office.decrypt(out)
    except Exception:  # noqa: BLE001 - a wrong password shows itself in many ways in that library
        return None
    plain = out.getvalue()
    # Legacy RC4 has no reliable check: what comes out must be a workbook again.
    return plain if plain.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) else None
