"""Receivers decrypted by their platform at the moment they are needed: permitted, with a reason, audited, batched.

What comes back is kept sealed like any recipient, never shown by it: looking at it is an opening of its own. It stands
while the platform names the same receiver; an address that the buyer changes puts the ciphertext back in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from uuid import UUID

from daifa.areas.accounts.services import connections, settings
from daifa.areas.accounts.types import ConnectionView
from daifa.areas.mailroom.services import tasks
from daifa.areas.orders.services import editing, history, recipients, standing
from daifa.areas.orders.services.history import Fact
from daifa.base import opening
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.flows import advance, ciphers, connect, order_batches
from daifa.flows.answered import words
from daifa.flows.order_deeds import Done, LeftOrder
from daifa.flows.recipient_paths import RecipientFacts, Ways, ways_of
from daifa.flows.steps import screen
from daifa.kit import clock
from daifa.kit.errors import AppError, Conflict
from daifa.kit.values import dataclass
from daifa.ports.card import Capability
from daifa.ports.errors import RemoteError
from daifa.ports.shop import Recipient, RecipientState
from daifa.ports.shop_api import Opened
from daifa.reads import order_bonds, order_desk, recipient_facts

# Three ciphertexts an order: what fits into one call of the platform.
ORDERS_A_CALL = 16
MOST = 500


def cannot_open(held: ConnectionView | None) -> str:
    """Why a shop's ciphertexts cannot be decrypted from here; "" when they can."""
    if held is None:
        return "这家店没有接口授权，不能解密"
    if Capability.OPEN_CIPHERS not in registry.connector(held.platform).card.capabilities:
        return "这个平台的接口不能解密"
    return "" if held.state == "working" else held.state_reason or "店铺授权不可用，请到“授权”里处理"


def ways(*, by: Actor, order_id: UUID) -> Ways:
    """The path of one order's recipient and the others. Raises NotFound, NotAllowed."""
    order_desk.one(order_id, by)
    [row] = recipient_facts.load([order_id])
    held = connections.of_shops([row.shop_id]).get(row.shop_id)
    cipher = row.state == RecipientState.CIPHER.value
    given = recipients.open_for_sending([order_id]).get(order_id) if cipher else None
    bought = order_id in order_bonds.bought([order_id])
    unread = screen.unread(order_id, row.shop_id, RecipientState(row.state))
    missing = "平台给的加密收件人不完整" if cipher and (given is None or given.cipher is None) else ""
    return ways_of(
        RecipientFacts(
            state=RecipientState(row.state),
            handover=row.path == "handover",
            no_factory=unread.no_factory,
            factory_first=order_bonds.at_factories(order_id) if bought else unread.first,
            carriers=bool(ciphers.carriers()) if cipher else False,
            goes=unread.encrypted,
            opened=editing.is_opened(order_id) if row.state == RecipientState.PLAIN.value else False,
            cannot_open=cannot_open(held) or missing,
            bought=bought,
        )
    )


def begin(*, by: Actor, order_ids: Sequence[UUID], reason: str) -> tuple[Done, UUID | None]:
    """Allow and write down the opening of each order, then have them decrypted by a task; none where all are readable.

    Raises NotAllowed, Invalid (no reason), TooMany for the first; Conflict when none can be decrypted.
    """
    by.need(opening.PERMISSION)
    rows = recipient_facts.load(order_ids[:MOST])
    lines = connections.of_shops({r.shop_id for r in rows})
    able, left = list[UUID](), list[LeftOrder]()
    for r in rows:
        by.need_shop(r.shop_id)
    # Pressed again, or decrypted by somebody else meanwhile: done is no refusal.
    wanted = [r for r in rows if r.state != RecipientState.PLAIN.value]
    done = f"{len(rows) - len(wanted)} 单的收件人已经可用，不用再解密"
    if rows and not wanted:
        return Done(done), None
    for r in wanted:
        why = cannot_open(lines.get(r.shop_id)) if r.state == RecipientState.CIPHER.value else "收件人不是平台加密的"
        if why:
            left.append(LeftOrder(r.id, r.number, why))
        else:
            able.append(r.id)
    if not able:
        raise Conflict("nothing_to_decrypt", f"没有可以解密的订单：{left[0].reason}。" if left else "没有选中订单。")
    numbers, allowed = {r.id: r.number for r in rows}, list[UUID]()
    for i in able:
        try:
            opening.allow(
                by=by, kind="order", object_id=i, what=f"（平台解密）订单 {numbers[i]} 的收件人", reason=reason,
                limit=settings.number("openings_per_hour"),
            )  # fmt: skip
        except AppError as error:
            if not allowed:
                raise
            left += [LeftOrder(x, numbers[x], error.message_zh) for x in able[len(allowed) :]]
            break
        allowed.append(i)
    task = tasks.start(by=by, kind="deed", title=f"解密收件人 {len(allowed)} 单")
    run.enqueue(task_id=str(task.id), ids=[str(i) for i in allowed], by=[by.key, by.name])
    more = f"；{done}" if len(wanted) < len(rows) else ""
    return Done(f"正在请平台解密 {len(allowed)} 单的收件人，{tasks.TOLD_LATER}{more}", left=tuple(left)), task.id


@tenant_task("orders.decrypt", queue="outside")
def run(*, tenant_id: int, task_id: str, ids: Sequence[str], by: Sequence[str]) -> None:
    """Decrypt shop by shop, a few orders a call; what does not open is left with the platform's reason."""
    actor, task = Actor(by[0], by[1], via="job"), UUID(task_id)
    with tenant(tenant_id):
        begun = tasks.begin(task)
        rows = recipient_facts.load([UUID(i) for i in ids])
        lines = connections.of_shops({r.shop_id for r in rows})
    if begun is None:
        return
    left: list[LeftOrder] = []
    for shop_id in dict.fromkeys(r.shop_id for r in rows):
        for chunk in batched((r for r in rows if r.shop_id == shop_id), ORDERS_A_CALL):
            left += _some(tenant_id, lines.get(shop_id), {r.id: r.number for r in chunk}, actor)
            with tenant(tenant_id):
                tasks.advance(task, tasks.get(task).done + len(chunk))
    order_batches.end(tenant_id, task, "done", len(ids), left, actor)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One order's ciphertexts and what else is known of its recipient."""

    order_id: UUID
    number: str
    given: recipients.Opened

    @property
    def ciphers(self) -> list[tuple[str, str]]:
        """Name, phone, address."""
        held = self.given.cipher
        assert held is not None
        return [(self.number, c) for c in (held.name, held.phone, held.address)]


def _some(tenant_id: int, held: ConnectionView | None, numbers: Mapping[UUID, str], by: Actor) -> Iterator[LeftOrder]:
    if held is None:
        yield from (LeftOrder(i, n, "店铺授权不可用") for i, n in numbers.items())
        return
    with tenant(tenant_id):
        given = recipients.open_for_sending(list(numbers))
    asked = [_Asked(i, n, given[i]) for i, n in numbers.items() if i in given and given[i].cipher is not None]
    try:
        found = connect.ask(
            tenant_id, held.id, lambda line: line.shop().open_ciphers([c for a in asked for c in a.ciphers])
        )
    except (RemoteError, AppError) as error:
        why = words(error)
        with tenant(tenant_id):
            history.write([Fact(a.order_id, "recipient", f"收件人没有解密：{why}") for a in asked])
        yield from (LeftOrder(a.order_id, a.number, why) for a in asked)
        return
    for n, one in enumerate(asked):
        why = _keep(tenant_id, one, found[n * 3 : n * 3 + 3], by)
        if why:
            yield LeftOrder(one.order_id, one.number, why)


def _keep(tenant_id: int, one: _Asked, found: Sequence[Opened], by: Actor) -> str:
    """Keep what opened, sealed; returns why not ("" when it was kept)."""
    problems = [o.problem for o in found if o.problem]
    with tenant(tenant_id):
        standing.lock([one.order_id])
        if problems:
            history.write([Fact(one.order_id, "recipient", f"收件人没有解密：{problems[0]}")])
            return problems[0]
        name, phone, address = (o.plain for o in found)
        at, held = one.given.recipient, one.given.cipher
        assert held is not None
        made = Recipient(RecipientState.PLAIN, name, phone, at.province, at.city, at.district, at.street, address)
        if not editing.keep_opened(order_id=one.order_id, recipient=made, key=held.key, by=by.key, by_name=by.name):
            return "买家刚改了地址，请再解密一次"
        until = found[1].until
        good = f"，虚拟号 {clock.business_day(until):%m-%d} 前有效" if until else ""
        text = f"收件人已由平台解密，封存保存{good}"
        history.write([Fact(one.order_id, "recipient", text, by=by.key, by_name=by.name)])
        advance.advance([one.order_id])
    return ""
