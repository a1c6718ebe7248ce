"""Orders and refund cases for the merge tests, and what the tables give back of a merged order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from hypothesis import strategies as st

from daifa.areas.orders.rules.keeping import again, pack, unpack
from daifa.areas.orders.rules.merging import first, merge
from daifa.areas.orders.rules.ranking import BY_PERSON
from daifa.areas.orders.rules.readings import (
    Document,
    Reading,
    Value,
    Values,
    case_reading,
    partial_reading,
    reading_of,
    recipient_values,
    split_key,
    whole_lines,
)
from daifa.areas.orders.rules.refunds import settled
from daifa.ports.shop import (
    OrderState,
    Recipient,
    RecipientState,
    RefundState,
    ShopLine,
    ShopOrder,
    ShopRefund,
    WaitReason,
)

START = datetime(2026, 11, 20, tzinfo=UTC)
GOODS = (("杯子", "颜色:红;尺寸:大"), ("碗", ""), ("勺:长柄", "白"))


def at(hours: int) -> datetime:
    """A moment so many hours after the start."""
    return START + timedelta(hours=hours)


def order(state: OrderState = OrderState.PAID, **told: object) -> ShopOrder:
    """An order that says little."""
    return ShopOrder("douyin", "E1", state, **told)  # type: ignore[arg-type]


def line(n: int, *, numbered: bool, **told: object) -> ShopLine:
    """The n-th line, with the platform's number or with a key made of its goods."""
    title, spec = GOODS[n % len(GOODS)]
    number = f"10{n}" if numbered else ""
    key = number or f"{title}|{spec}|{n // len(GOODS) + 1}"
    return ShopLine(key, f"{title}|{spec}", title, 1, external_id=number, spec=spec, **told)  # type: ignore[arg-type]


def columns(document: Document) -> Values:
    """What the tables give back of a document: settled values, without what a column cannot tell from nothing."""
    lines = whole_lines(document.values)
    back: Values = {}
    for key, value in settled(document).items():
        plain = not key.startswith("p:")
        if key == "region" or (key.startswith("l:") and split_key(key)[0] not in lines):
            continue
        if plain and (value is None or (value == "" and key != "waits")):
            continue
        if plain and key.rsplit(":", 1)[-1] == "refund" and value == "none":
            continue
        back[key] = value
    return back


def stored(document: Document) -> Document:
    """A document written to the tables and read back."""
    return unpack(orjson.loads(orjson.dumps(pack(document))), columns(document))


@dataclass
class Store:
    """One order as the product records it: columns and the JSON beside them, reading after reading."""

    packed: dict[str, object] | None = None
    back: Values | None = None
    second_lines: bool = False

    def take(self, reading: Reading) -> str:
        """Record one reading as the product does; says what became of it."""
        if self.packed is None or self.back is None:
            return self._keep(first(reading), "new")
        known = again(self.packed, reading)
        if known is not None:
            self.packed = dict(known)
            return "unchanged"
        document, changed = merge(unpack(self.packed, self.back), reading)
        return self._keep(document, "updated" if changed else "unchanged")

    def _keep(self, document: Document, outcome: str) -> str:
        self.packed = orjson.loads(orjson.dumps(pack(document)))
        self.back = columns(document)
        return outcome

    def order(self) -> dict[str, Value]:
        """The order with each line under its number where it has one: what must not depend on arrival."""
        assert self.back is not None
        names = {k: str(self.back.get(f"l:{k}:external_id") or k) for k in whole_lines(self.back)}
        out: dict[str, Value] = {}
        for key, value in self.back.items():
            if key.startswith("l:"):
                name, field = split_key(key)
                out[f"l:{names[name]}:{field}"] = value
            else:
                out[key] = value
        return out


hours = st.integers(0, 6)
fen = st.one_of(st.none(), st.integers(0, 3))
refunds = st.one_of(st.none(), st.sampled_from(RefundState))


@st.composite
def shop_orders(draw: st.DrawFn) -> Reading:
    """A whole order as some source tells it at some time: with numbered lines or made-up keys, masked or plain."""
    numbered = draw(st.booleans())
    lines = tuple(
        line(
            n,
            numbered=numbered,
            paid_fen=draw(fen),
            refund=draw(refunds),
            state=draw(st.one_of(st.none(), st.sampled_from(OrderState))),
        )
        for n in range(4)
    )
    state = draw(st.sampled_from(RecipientState))
    name = {RecipientState.PLAIN: "张三", RecipientState.MASKED: "张*", RecipientState.CIPHER: "#abcdefgh#"}.get(
        state, ""
    )
    recipient = Recipient(state, name, province=draw(st.sampled_from(("", "浙江省", "江苏省"))) if name else "")
    said = order(
        draw(st.sampled_from(OrderState)),
        refund=draw(refunds),
        waits=draw(st.sampled_from(((), (WaitReason.PRESALE,)))),
        paid_fen=draw(fen),
        refunded_fen=draw(fen),
        flag=draw(st.sampled_from((None, "", "red"))),
        seller_memo=draw(st.sampled_from((None, "", "催"))),
        cash_on_delivery=draw(st.booleans()),
        recipient=recipient,
        lines=() if draw(st.integers(0, 5)) == 0 else lines,
        lines_missing=False,
    )
    return reading_of(said, at(draw(hours)))


@st.composite
def edits(draw: st.DrawFn) -> Reading:
    """A recipient that a person types."""
    name, province = draw(st.sampled_from("甲乙丙")), draw(st.sampled_from(("浙江省", "江苏省")))
    values = recipient_values(Recipient(RecipientState.PLAIN, name, province=province))
    said = values["p:recipient"]
    assert isinstance(said, dict)
    return partial_reading("E1", {**values, "p:recipient": {**said, **BY_PERSON}}, at(draw(hours)))


@st.composite
def cases(draw: st.DrawFn) -> Reading:
    """A refund case as an after-sale export tells it."""
    return case_reading(
        ShopRefund(
            "douyin",
            draw(st.sampled_from(("R1", "R:2"))),
            "E1",
            draw(st.sampled_from(RefundState)),
            line_external_id=draw(st.sampled_from(("", "100", "101"))),
            amount_fen=draw(fen),
        ),
        at(draw(hours)),
    )
