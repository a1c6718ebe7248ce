"""Which of two values of one key stands: the absorbing one, else the one of the greater stamp."""

from __future__ import annotations

from daifa.areas.orders.rules.readings import RECIPIENT, TRUE_FIELDS, Stamp, Value
from daifa.ports.shop import OrderState, RecipientState, RefundState

_RECIPIENT_RANK = {s.value: n for n, s in enumerate(RecipientState)}
_STATE_RANK = {s.value: s.rank for s in OrderState}
# What marks a recipient that a person of the merchant typed: it stands above whatever files say later.
BY_PERSON = {"by": "person"}
# What marks one that the platform decrypted for us; it stands as long as the platform names the same receiver.
OPENED = {**BY_PERSON, "opened": "platform"}
_PAID_BACK = (RefundState.FULL.value, RefundState.PARTLY.value)


def by_person(recipient: Value) -> bool:
    """Whether a person of the merchant typed this recipient."""
    return isinstance(recipient, dict) and recipient.get("by") == BY_PERSON["by"]


def opened(recipient: object) -> bool:
    """Whether this recipient is one that the platform decrypted for us."""
    return isinstance(recipient, dict) and bool(recipient.get("opened"))


def moved_since(held: Value, said: Value) -> bool:
    """Whether the platform names another receiver (by its own mark) than the one that it opened for us."""
    if not (isinstance(held, dict) and isinstance(said, dict)) or not opened(held) or by_person(said):
        return False
    return bool(said.get("key")) and said.get("key") != held.get("key")


def rank(key: str, value: Value, stamp: Stamp) -> tuple[int, Stamp]:
    """What to compare: a rank that only rises (states, fullness of a recipient, money paid back), then the stamp."""
    name = key.rsplit(":", 1)[-1]
    if key.startswith("r:"):
        return (int(name == "state" and value in _PAID_BACK), stamp)
    if name == "state":
        return (_STATE_RANK.get(str(value), 0), stamp)
    if name == "refund":
        return (int(value == RefundState.FULL.value), stamp)
    if key == RECIPIENT and isinstance(value, dict):
        own = len(_RECIPIENT_RANK) if by_person(value) else 0
        return (own + _RECIPIENT_RANK.get(value.get("state", ""), 0), stamp)
    if name in TRUE_FIELDS:
        # Lines that came once are there; an order that said 货到付款 once is one.
        return (int(bool(value) == (name == "cash_on_delivery")), stamp)
    return (0, stamp)
