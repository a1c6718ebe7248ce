"""Recipients by people: typed into one order, pasted for many, opened with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from uuid import UUID

from daifa.areas.accounts.services import settings
from daifa.areas.mailroom.rules.paste import paste_recipients
from daifa.areas.mailroom.rules.recipients import recipient
from daifa.areas.orders.rules.addressing import corrected, in_columns
from daifa.areas.orders.services import editing, recipients, wishes
from daifa.base import audit, opening
from daifa.base.actor import Actor
from daifa.flows import advance, order_files
from daifa.kit import clock
from daifa.kit.errors import Invalid
from daifa.kit.values import dataclass
from daifa.ports.sheet import RecipientRow
from daifa.ports.shop import Recipient, RecipientState
from daifa.reads import order_desk

MOST_LINES = 500
OPENED = {"recipient": "收件人", "notes": "留言和备注", "nick": "买家昵称", "wish": "买家申请的新地址"}


@dataclass(frozen=True, slots=True)
class Pasted:
    """What became of a pasted block: orders that got their recipient, unchanged ones, and lines with a problem."""

    joined: int
    unchanged: int
    problems: tuple[tuple[int, str, str], ...]


def open_sealed(*, by: Actor, order_id: UUID, what: str, reason: str) -> str:
    """Open one sealed part of an order for a person, written down with the reason. Raises Invalid, NotAllowed."""
    if what not in OPENED:
        raise Invalid("unknown_part", "没有这种隐私信息。")
    row = order_desk.one(order_id, by)
    opening.allow(
        by=by, kind="order", object_id=order_id, what=f"订单 {row.number} 的{OPENED[what]}", reason=reason,
        limit=settings.number("openings_per_hour"),
    )  # fmt: skip
    if what == "wish":
        wish = wishes.open_of(order_id)
        return _address(asdict(wishes.opened(wish.id))) if wish else "没有改地址申请"
    found = editing.opened(order_id)
    if what == "nick":
        return found.get("buyer_nick") or "没有昵称"
    if what == "notes":
        theirs, ours = found.get("seller_memo"), found.get("own_memo")
        said = {"买家留言": found.get("buyer_note"), "卖家备注": theirs, "我们写的备注": "" if ours == theirs else ours}
        return "；".join(f"{k}：{v}" for k, v in said.items() if v) or "没有留言和备注"
    return _address(found)


def _address(found: Mapping[str, str]) -> str:
    parts = [found.get("name", ""), found.get("phone", "")]
    place = [found.get(k, "") for k in ("province", "city", "district", "street")]
    address = found.get("address", "")
    parts.append(" ".join([*(p for p in place if p and p not in address), address]).strip())
    return "，".join(p for p in parts if p) or "没有收件人"


UNCHANGED = "没有变化，和原来的收件人一样"


def edit(
    *, by: Actor, order_id: UUID, version: int, name: str, phone: str, province: str, city: str, district: str,
    address: str,
) -> str:  # fmt: skip
    """Give an order a recipient by hand; a supplier that has it already is told. Returns what to say.

    Of a plain recipient, what is left empty stays as it is. Raises NotFound, NotAllowed, Conflict, Invalid.
    """
    row = order_desk.one(order_id, by)
    given = tuple(x.strip() for x in (name, phone, province, city, district, "", address))
    known = _known(order_id)
    if known.state is RecipientState.PLAIN and not any(given):
        # Nothing was typed: what stands is no word of this person's, later files may go on to change it.
        return UNCHANGED
    said = corrected(recipient(*given), known)
    made = recipient(said.name, said.phone, said.province, said.city, said.district, said.street, said.address)
    changed = editing.edit_recipient(by=by, order_id=order_id, recipient=made, version=version)
    if not changed:
        return UNCHANGED
    audit.record(by, "order.recipient", f"修改订单 {row.number} 的收件人", kind="order", object_id=order_id)
    told = order_files.tell_address(by=by, order_id=order_id, number=row.number)
    advance.advance([order_id])
    return "已改好收件人" + ("；供应商已收到旧地址，请到“发给供应商”通知变更" if told else "，已重新检查")


def _known(order_id: UUID) -> Recipient:
    found = recipients.open_for_sending([order_id]).get(order_id)
    return found.recipient if found else Recipient()


def masked(*, by: Actor, order_id: UUID) -> Recipient:
    """What is known of an order's recipient, masked; of one that is not plain its region alone.

    Raises NotFound, NotAllowed.
    """
    order_desk.one(order_id, by)
    known = _known(order_id)
    place = in_columns(known)
    shown = recipients.masked(known) if known.state is RecipientState.PLAIN else Recipient(known.state)
    return replace(shown, province=place.province, city=place.city, district=place.district)


def paste(*, by: Actor, text: str) -> Pasted:
    """Join a pasted block (单号 + 姓名 + 电话 + 地址, a line each) to orders. Raises Invalid for too many lines."""
    parsed = paste_recipients(text)
    rows = [r for r in parsed.records if isinstance(r, RecipientRow)]
    if not parsed.rows:
        raise Invalid("nothing_pasted", "请粘贴“单号 姓名 电话 地址”，一行一单。", fields={"text": "还没有内容"})
    if parsed.rows > MOST_LINES:
        raise Invalid("too_many_lines", f"一次最多粘贴 {MOST_LINES} 行；更多请做成表格，在“导入”里导入。")
    fates, ids = order_files.join_some(rows, clock.now(), by=by)
    advance.advance(ids)
    problems = [(e.row, e.reason, e.fix) for e in parsed.errors]
    problems += [(n, reason, fix) for n, outcome, _, _, reason, fix in fates if outcome == "rejected"]
    joined = sum(f[1] == "updated" for f in fates)
    audit.record(by, "order.paste", f"粘贴补收件人：{joined} 单", kind="order")
    return Pasted(joined, sum(f[1] == "unchanged" for f in fates), tuple(sorted(problems)))
