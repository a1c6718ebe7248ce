"""What a person answers to an after-sale case on a shop that is connected by API: agree or refuse, once."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.areas.accounts.services import connections
from daifa.areas.accounts.types import ConnectionView
from daifa.areas.mailroom.services import outbox
from daifa.areas.mailroom.services.outbox import Want
from daifa.areas.mailroom.types import OUTBOX, OutboxItem
from daifa.areas.orders.services import history, standing
from daifa.areas.orders.services.history import Fact
from daifa.areas.support.services import cases, steps
from daifa.areas.support.services.cases import CaseView
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import api_intake, connect, outbox_run
from daifa.flows.steps import answer_case
from daifa.flows.steps.answer_case import WORDS
from daifa.kit.errors import AppError, Conflict, Invalid
from daifa.kit.values import dataclass
from daifa.ports.card import Capability
from daifa.ports.errors import RemoteError
from daifa.ports.shop import RefundState
from daifa.ports.shop_api import Direction, Feed
from daifa.reads import aftersales_desk, order_desk

_OPEN = ("ready", "calling", "unknown", "person", "held")
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """A case as it may be answered: ``why_not`` says why not from here; ``answered`` what is on its way or was said."""

    case: CaseView
    why_not: str
    answered: str
    open: bool
    return_address_id: str


def of_step(*, by: Actor, step_id: UUID) -> list[CaseDesk]:
    """The open cases of an order whose buyer waits for an answer. Raises NotFound, NotAllowed."""
    by.need("support.edit")
    step = steps.get(step_id)
    order_desk.one(step.order_id, by)
    return [_desk(case) for case in cases.open_of(step.order_id)]


def _desk(case: CaseView) -> CaseDesk:
    held = connections.of_shops([case.shop_id]).get(case.shop_id)
    rows = [r for r in outbox.of_subject([case.id]) if r.kind == answer_case.KIND]
    last = rows[-1] if rows else None
    return CaseDesk(
        case=case,
        why_not=_why_not(held),
        answered=_said(last) if last else "",
        open=last is not None and last.state in _OPEN,
        return_address_id=aftersales_desk.last_return_address(held.id) if held else "",
    )


def _said(item: OutboxItem) -> str:
    word = WORDS[Direction(str(item.data.get("direction")))]
    reason = f"：{item.reason}" if item.reason and item.state != "confirmed" else ""
    return f"{word}，{OUTBOX.labels[item.state]}{reason}"


def _why_not(held: ConnectionView | None) -> str:
    if held is None:
        return "这家店没有接口授权，请在平台后台处理，下次导入后自动结束"
    if Capability.ANSWER_REFUND not in registry.connector(held.platform).card.capabilities:
        return "这个平台的接口不能答复售后，请在平台后台处理"
    return "" if held.state == "working" else held.state_reason or "店铺授权不可用，请到“授权”里处理"


def _mine(by: Actor, case_id: UUID) -> tuple[CaseView, ConnectionView]:
    """The case and its shop's working line. Raises NotFound, NotAllowed, Conflict."""
    by.need("support.edit")
    case = cases.get(case_id)
    by.need_shop(case.shop_id)
    held = connections.of_shops([case.shop_id]).get(case.shop_id)
    why = _why_not(held)
    if held is None or why:
        raise Conflict("not_by_api", f"{why}。")
    return case, held


def look(*, by: Actor, case_id: UUID) -> None:
    """Read the case and its reasons for refusing anew, by a job. Raises NotFound, NotAllowed, Conflict."""
    case, held = _mine(by, case_id)
    read_reasons.nudge(f"case:{case.id}", connection_id=str(held.id), case_id=str(case.id))


@tenant_task("cases.reasons", queue="outside")
def read_reasons(*, tenant_id: int, connection_id: str, case_id: str) -> None:
    """Read one case and by which reasons the platform lets it be refused; what fails now is asked for again."""
    line, which = UUID(connection_id), UUID(case_id)
    with tenant(tenant_id):
        external = cases.get(which).external_id
    try:
        api_intake.fetch(tenant_id, line, Feed.REFUNDS, [external], via="pull")
        found = connect.ask(tenant_id, line, lambda open_line: open_line.shop().refuse_reasons(external))
    except (RemoteError, AppError):
        return
    with tenant(tenant_id):
        cases.keep_reasons(which, [(r.code, r.words, r.evidence) for r in found])


def answer(
    *, by: Actor, case_id: UUID, direction: str, words: str = "", reason_code: str = "", evidence_url: str = "",
    return_address_id: str = "",
) -> str:  # fmt: skip
    """Tell the platform what a person decided. Raises Invalid for what is missing, Conflict when it is over or told."""
    case, held = _mine(by, case_id)
    if case.order_id is not None:
        standing.lock([case.order_id])
    case = cases.get(case_id, lock=True)
    rows = [r for r in outbox.of_subject([case.id]) if r.kind == answer_case.KIND]
    if case.state != RefundState.APPLIED.value:
        raise Conflict("case_over", f"售后单 {case.external_id} 已经有结果了，请刷新。")
    if any(r.state in _OPEN for r in rows):
        raise Conflict("answer_on_its_way", f"售后单 {case.external_id} 的答复正在发给平台，等结果出来再改。")
    way = Direction(direction) if direction in set(Direction) else None
    if way is None:
        raise Invalid("unknown_answer", "只能同意或拒绝。")
    details = _details(case, way, words.strip(), reason_code, evidence_url.strip(), return_address_id.strip())
    outbox.want(
        [
            Want(
                key=f"{answer_case.KIND}:{case.id}:{len(rows) + 1}", kind=answer_case.KIND, connection_id=held.id,
                subject_id=case.id, order_id=case.order_id, reference=case.external_id, by=by.key,
                data={"direction": way.value, "seen": answer_case.seen_of(case), "details": dict(details)},
            )
        ]
    )  # fmt: skip
    said = f"{WORDS[way]}售后单 {case.external_id}" + (f"：{words.strip()}" if words.strip() else "")
    audit.record(by, f"case.{way.value}", said, kind="case", object_id=case.id, reason=words.strip())
    if case.order_id is not None:
        history.write([Fact(case.order_id, "aftersale", said, by=by.key, by_name=by.name)])
    outbox_run.queue([held.id])
    return f"{said}，正在告诉平台"


def _details(
    case: CaseView, way: Direction, words: str, code: str, evidence_url: str, return_address_id: str
) -> Mapping[str, str]:
    if len(words) > MOST_WORDS:
        raise Invalid("too_long", f"最多 {MOST_WORDS} 个字。", fields={"words": f"最多 {MOST_WORDS} 个字"})
    if way is Direction.AGREE:
        if case.needs_return is not False and not case.return_tracking and not return_address_id:
            raise Invalid(
                "return_address_missing", "买家要退货，请填写退货地址编号（平台后台“退货地址”里可以看到）。",
                fields={"return_address_id": "请填写退货地址编号"},
            )  # fmt: skip
        return {k: v for k, v in (("remark", words), ("return_address_id", return_address_id)) if v}
    if not words:
        raise Invalid("reason_missing", "请写明为什么拒绝，买家会看到。", fields={"words": "请写明原因"})
    known = {c: evidence for c, _, evidence in case.reasons or ()}
    if case.reasons is None:
        raise Conflict("reasons_unread", "还没有读到平台允许的拒绝原因，请稍等片刻再试。")
    if known and code not in known:
        raise Invalid("reason_code_missing", "请选择平台的拒绝原因。", fields={"reason_code": "请选择"})
    if known.get(code) and not evidence_url.startswith(("https://", "http://")):
        raise Invalid(
            "evidence_missing", "这个原因要有凭证：请填写图片的网址。", fields={"evidence_url": "请填写图片的网址"}
        )
    given = (("reason", words), ("reject_reason_code", code), ("evidence_url", evidence_url))
    return {k: v for k, v in given if v}
