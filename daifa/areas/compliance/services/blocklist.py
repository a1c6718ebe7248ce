"""Receivers that the merchant does not ship to without a person's word: kept as keyed hashes and sealed values."""

from __future__ import annotations

from uuid import UUID

from daifa.areas.compliance import models
from daifa.base import audit, bulk, vault
from daifa.base.actor import Actor
from daifa.kit.errors import Invalid, NotFound
from daifa.kit.masking import mask_name, mask_phone
from daifa.kit.values import dataclass

SEAL = "blocked"  # the purpose of the seal
SHORTEST_PHONE = 7


@dataclass(frozen=True, slots=True)
class Blocking:
    """A receiver on the blocklist: by ``phone`` or ``name``, masked; ``fresh`` when it was not there before."""

    id: UUID
    kind: str
    shown: str
    fresh: bool


def block(*, by: Actor, reason: str, name: str = "", phone: str = "", about: str = "") -> Blocking:
    """Put a receiver on the blocklist by phone, else by name; only keyed hashes and a sealed value are kept.

    Who is there already gets the new reason. ``about`` says for the log where it comes from. Raises Invalid.
    """
    kind, value, shown = _wanted(name, phone)
    if not reason.strip():
        raise Invalid("reason_missing", "请写明为什么拉黑。", fields={"reason": "请写明原因"})
    row, fresh = models.Blocked.objects.update_or_create(
        kind=kind,
        value_hash=vault.search_hash(kind, value),
        defaults={
            "shown": shown,
            "reason": reason.strip(),
            "by": by.key,
            "by_name": by.name,
            "sealed": vault.seal_json({"value": value}, SEAL),
        },
    )
    audit.record(by, "blocklist.add", f"拉黑{about} {shown}", kind="blocked", object_id=row.id, reason=reason.strip())
    return Blocking(row.id, kind, shown, fresh)


def unblock(*, by: Actor, blocked_id: UUID, reason: str) -> Blocking:
    """Take a receiver off the blocklist; returns who it was. Raises NotFound, Invalid without a reason."""
    if not reason.strip():
        raise Invalid("reason_missing", "请写明为什么移出黑名单。", fields={"reason": "请写明原因"})
    row = models.Blocked.objects.select_for_update().filter(id=blocked_id).first()
    if row is None:
        raise NotFound("no_such_blocked", "黑名单里没有这一条，可能刚被别人移出，请刷新后再看。")
    audit.record(
        by, "blocklist.remove", f"移出黑名单 {row.shown}", kind="blocked", object_id=row.id, reason=reason.strip()
    )
    was = Blocking(row.id, row.kind, row.shown, fresh=False)
    hashes = [bytes(row.value_hash)]
    if sealed := bytes(row.sealed):
        # While keys rotate, the same receiver stands twice: by the old key's hash and by the new one's.
        hashes += vault.search_hashes(row.kind, str(vault.unseal_json(sealed, SEAL)["value"]))
    models.Blocked.objects.filter(kind=row.kind, value_hash__in=hashes).delete()
    return was


def _wanted(name: str, phone: str) -> tuple[str, str, str]:
    """What is to be blocked: its kind, its normal form, and how it is shown."""
    if "*" in name + phone:
        raise Invalid(
            "masked", "带 * 号的认不出是谁，请填完整的电话或姓名。", fields={"value": "请填完整的，不带 * 号"}
        )
    if phone.strip():
        digits = "".join(c for c in phone.partition("-")[0] if c.isdigit())[-11:]
        if len(digits) < SHORTEST_PHONE:
            said = f"电话至少 {SHORTEST_PHONE} 位数字"
            raise Invalid("bad_phone", f"“{phone.strip()}”不像电话：{said}。", fields={"value": said})
        return "phone", digits, mask_phone(digits)
    if not name.strip():
        raise Invalid("nothing_to_block", "请填写要拉黑的电话或姓名。", fields={"value": "请填电话或姓名"})
    return "name", name.strip(), mask_name(name.strip())


def reseal(*, limit: int = 500) -> int:
    """Seal up to ``limit`` receivers with the newest key and hash them anew; returns how many were.

    The old row stays until ``forget_old_hashes``: orders not yet hashed anew must still be recognised.
    """
    made = 0
    for row in models.Blocked.objects.order_by("id"):
        sealed = bytes(row.sealed)
        if not sealed or vault.key_of(sealed) == vault.current_key():
            continue
        value = str(vault.unseal_json(sealed, SEAL)["value"])
        _, fresh = models.Blocked.objects.get_or_create(
            kind=row.kind,
            value_hash=vault.search_hash(row.kind, value),
            defaults={
                "shown": row.shown,
                "reason": row.reason,
                "by": row.by,
                "by_name": row.by_name,
                "sealed": vault.seal_json({"value": value}, SEAL),
            },
        )
        made += fresh
        if made >= limit:
            break
    return made


def forget_old_hashes() -> int:
    """Every order is hashed anew: rows of older keys go. Returns how many."""
    gone = bulk.select(
        "DELETE FROM compliance_blocked WHERE tenant_id = {tenant} AND length(sealed) > 0"
        " AND substring(sealed from 1 for 2) <> %s RETURNING id",
        (vault.key_mark(),),
    )
    return len(gone)
