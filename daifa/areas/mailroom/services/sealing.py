"""Moving stored files, and the passwords of files that wait, to the newest key; finding files that nobody has."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from daifa.areas.mailroom.models import Call, Import, Inbox, StoredFile
from daifa.areas.mailroom.services import calls, inbox
from daifa.base import blobs, resealing, vault


def reseal(*, limit: int = 500) -> int:
    """Seal up to ``limit`` files anew under their new digest; returns how many there were.

    The old content goes when the new digest is committed; a crash in between leaves a file that ``sweep`` removes.
    """
    old = []
    for digest in StoredFile.objects.order_by("digest").values_list("digest", flat=True).distinct():
        if blobs.needs_reseal(digest):
            old.append(digest)
        if len(old) >= limit:
            break
    for digest in old:
        fresh = blobs.reseal(digest)
        StoredFile.objects.filter(digest=digest).update(digest=fresh)
        transaction.on_commit(partial(blobs.remove, digest))
    return len(old)


def reseal_passwords(*, purpose: str, limit: int = 500) -> int:
    """Seal the passwords of files that still wait with the newest key; returns how many there were."""
    changed = 0
    for row in Import.objects.exclude(guess__password=None).exclude(guess__password="").order_by("id")[:50_000]:
        sealed = bytes.fromhex(str(row.guess["password"]))
        if vault.key_of(sealed) == vault.current_key():
            continue
        Import.objects.filter(id=row.id).update(
            guess={**row.guess, "password": vault.reseal(sealed, purpose).hex()}
        )  # fmt: skip
        changed += 1
        if changed >= limit:
            break
    return changed


def reseal_arrived(*, limit: int = 500) -> int:
    """Seal what arrived by API anew, up to ``limit`` rows; returns how many."""
    return resealing.reseal(Inbox, "sealed", lambda _: inbox.PURPOSE, limit=limit)


def reseal_calls(*, limit: int = 500) -> int:
    """Seal the records of calls anew, up to ``limit`` rows; returns how many."""
    return resealing.reseal(Call, "sealed", lambda _: calls.PURPOSE, limit=limit)


def sweep() -> int:
    """Remove contents sealed by an older key that no row names; returns how many.

    New files are sealed by the newest key, so a file that is just being stored is never among them.
    """
    named = set(StoredFile.objects.values_list("digest", flat=True))
    lost = [d for d in blobs.stored() if d not in named and blobs.needs_reseal(d)]
    for digest in lost:
        blobs.remove(digest)
    return len(lost)


def missing(*, limit: int = 20) -> tuple[int, list[str]]:
    """Files whose time is not over and whose content is gone: how many, and the first names."""
    lost = [
        name
        for digest, name in StoredFile.objects.exclude(keep_until=None).values_list("digest", "name")
        if not blobs.exists(digest)
    ]
    return len(lost), lost[:limit]


def open_one() -> bool:
    """Open the newest file that is there, to prove that the keys are right; False without any. Raises CannotOpen."""
    for digest in (
        StoredFile.objects.exclude(keep_until=None).order_by("-created_at").values_list("digest", flat=True)[:5]
    ):
        if blobs.exists(digest):
            blobs.get(digest)
            return True
    return False
