"""What a supplier is asked for: its goods, and the receiver as far as they may be handed on."""

from __future__ import annotations

from daifa.areas.accounts.services import connections
from daifa.areas.accounts.types import ConnectionView
from daifa.areas.mailroom.types import OutboxItem
from daifa.areas.orders.rules.addressing import in_columns
from daifa.areas.orders.services import recipients
from daifa.areas.purchasing.rules.dispatch_view import courier_words
from daifa.ports.shop import Recipient, RecipientState
from daifa.ports.supplier_api import Cipher, Wanted, WantedLine
from daifa.reads import buy_facts
from daifa.reads.buy_facts import BuyPurchase


def wanted_of(item: OutboxItem, p: BuyPurchase) -> Wanted | str:
    """What to ask the supplier for, or why it cannot be asked."""
    if p.factory:
        # The factory reads the receiver on the platform: nobody is opened for it.
        return Wanted(item.reference, (), Recipient(), note=p.note)
    opened = recipients.open_for_sending([p.order_id]).get(p.order_id)
    if opened is None:
        return f"订单 {p.orders[0].number} 没有收件人"
    lines: dict[tuple[str, str], int] = {}
    for x in p.lines:
        lines[x.offer_ref, x.spec_ref] = lines.get((x.offer_ref, x.spec_ref), 0) + x.qty
    bought = tuple(WantedLine(offer, spec, n) for (offer, spec), n in sorted(lines.items()))
    first = next(o for o in p.orders if o.id == p.order_id)
    if opened.recipient.state is RecipientState.PLAIN:
        return Wanted(item.reference, bought, in_columns(opened.recipient), note=_note(p))
    if opened.recipient.state is RecipientState.CIPHER and opened.cipher is not None:
        shop = connections.of_shops([first.shop_id]).get(first.shop_id)
        if shop is None:
            return f"订单 {first.number} 的收件人是平台加密的，但店铺没有接口授权，不能转交"
        return Wanted(item.reference, bought, Recipient(), cipher=_handed_on(opened, first, shop), note=_note(p))
    word = {"masked": "是脱敏的", "absent": "还没有", "cipher": "是平台加密的，内容不全"}[opened.recipient.state.value]
    return f"订单 {first.number} 的收件人{word}，不能下单"


def _note(p: BuyPurchase) -> str:
    """What the seller reads beside the goods: why orders go together, and which courier their buyers asked for."""
    said = dict.fromkeys([p.note, *(courier_words(o.courier_demand) for o in p.orders)])
    return "；".join(x for x in said if x)


def _handed_on(opened: recipients.Opened, order: buy_facts.BuyOrder, shop: ConnectionView) -> Cipher:
    assert opened.cipher is not None
    app_key = connections.credentials(shop.id).app_key
    to = opened.recipient
    return Cipher(
        platform=order.platform,
        shop_id=order.shop_external_id or shop.account,
        shop_name=order.shop_name,
        app_key=app_key,
        order_id=order.number,
        name=opened.cipher.name,
        phone=opened.cipher.phone,
        address=opened.cipher.address,
        masked_address=to.address,
        extra={"province": to.province, "city": to.city, "district": to.district, "street": to.street},
    )
