"""Which path an order's recipient takes to the supplier, which others are open, and why the rest are not. Pure.

Preferred is never to see it: the ciphertext is handed to a supplier's platform that decrypts it itself, or the shop's
own platform gives the order to a factory, by API or by a person in its back office. Decrypting it ourselves is the
next best, a person the last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from daifa.flows.cipher_words import WORDS
from daifa.kit.values import dataclass
from daifa.ports.shop import RecipientState


class Path(StrEnum):
    """A way for a recipient to reach the supplier."""

    HANDED_ON = "handed_on"
    FACTORY = "factory"
    HANDOVER = "handover"
    DECRYPTED = "decrypted"
    AS_GIVEN = "as_given"
    PERSON = "person"


LABELS: Mapping[Path, str] = {
    Path.HANDED_ON: "原样转交供应商平台",
    Path.FACTORY: "厂商代发（按接口交给厂家）",
    Path.HANDOVER: "厂家代打（在平台后台分给厂家）",
    Path.DECRYPTED: "解密后发给供应商",
    Path.AS_GIVEN: "照平台给的收件人发给供应商",
    Path.PERSON: "等人补收件人",
}


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """What decides. ``handover``: the order's or shop's setting; ``no_factory``: why it cannot all be handed by API to
    factories bound to the shop ("" it can), ``factory_first``: routing would give it to them, or did; ``carriers``:
    suppliers by API take ciphertext at all, ``goes``: all of this order can be had from such; ``opened``: the platform
    decrypted it for us; ``cannot_open``: why it cannot be decrypted from here ("" it can); ``bought``: it was
    dispatched already."""

    state: RecipientState
    handover: bool = False
    no_factory: str = "店铺没有绑定厂家"
    factory_first: bool = False
    carriers: bool = False
    goes: bool = False
    opened: bool = False
    cannot_open: str = ""
    bought: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """A path not taken: open, or closed with the reason."""

    path: Path
    open: bool
    why: str


@dataclass(frozen=True, slots=True)
class Ways:
    """The path that is taken, and the others."""

    taken: Path
    why: str
    others: tuple[Other, ...]


def ways_of(facts: RecipientFacts) -> Ways:
    """The path of one order."""
    taken, why = _taken(facts)
    others = [
        Other(path, not closed, closed or opened)
        for path, (check, opened) in _OTHERS.items()
        if path is not taken
        for closed in [_BOUGHT if facts.bought else check(facts)]
    ]
    return Ways(taken, why, tuple(others))


_BOUGHT = "已经派单，要换走法先撤下采购单"


def _taken(facts: RecipientFacts) -> tuple[Path, str]:
    if facts.factory_first:
        return Path.FACTORY, "按接口交给绑定的厂家，它在平台上看收件人、发货，我们不碰"
    if facts.handover:
        return Path.HANDOVER, "按设置在平台后台交给厂家，我们不碰收件人，只跟单号"
    if facts.state is RecipientState.PLAIN:
        if facts.opened:
            return Path.DECRYPTED, "平台已解密，封存保存，发给供应商时才写进去"
        return Path.AS_GIVEN, "收件人是明文，不用解密或补"
    if facts.state is RecipientState.CIPHER and facts.goes:
        return Path.HANDED_ON, "加密的收件人原样交给供应商平台，由它解密，我们不看"
    word = {RecipientState.CIPHER: "是平台加密的", RecipientState.MASKED: "是脱敏的", RecipientState.ABSENT: "还没有"}
    return Path.PERSON, f"收件人{word[facts.state]}，现在没有能自动走的路"


def _handed_on(facts: RecipientFacts) -> str:
    if facts.state is not RecipientState.CIPHER:
        return "收件人不是平台加密的，没有可以转交的"
    if not facts.carriers:
        return f"{WORDS}，现在没有这样的授权"
    return "" if facts.goes else "有的商品没有能接加密单的供应商"


def _decrypted(facts: RecipientFacts) -> str:
    if facts.state is not RecipientState.CIPHER:
        return "收件人不是平台加密的，不用解密"
    return facts.cannot_open


def _as_given(facts: RecipientFacts) -> str:
    return "" if facts.state is RecipientState.PLAIN else "平台没有给明文收件人"


def _factory(facts: RecipientFacts) -> str:
    return facts.no_factory


def _always(_: RecipientFacts) -> str:
    return ""


_OTHERS: Mapping[Path, tuple[Callable[[RecipientFacts], str], str]] = {
    Path.HANDED_ON: (_handed_on, "派给能接加密单的供应商即可"),
    Path.FACTORY: (_factory, "派给绑定的厂家即可"),
    Path.HANDOVER: (_always, "在“收件人怎么来”里改为厂家代打"),
    Path.DECRYPTED: (_decrypted, "点“解密”，要权限和原因，会留记录并占平台额度"),
    Path.AS_GIVEN: (_as_given, "照平台给的发"),
    Path.PERSON: (_always, "点“填写”，或导入、粘贴收件人"),
}
