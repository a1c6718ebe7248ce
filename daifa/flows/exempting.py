"""Exemptions from the ship-by clock as a person works on them: whom one holds for, then put in force."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from daifa.areas.compliance.rules import due_by, with_exemptions
from daifa.areas.compliance.services import exemptions, platform_rules
from daifa.areas.compliance.types import Exemption
from daifa.base.actor import Actor
from daifa.connectors import registry
from daifa.flows import sweep
from daifa.kit.errors import Invalid
from daifa.reads import clock_facts


def reach(*, by: Actor, wanted: Exemption, instead_of: UUID | None = None) -> int:
    """How many open orders get another deadline by it. Writes nothing. Raises Invalid, NotFound."""
    _known(wanted.platform)
    _, before, after = exemptions.checked(wanted, instead_of=instead_of)
    return _moved(by, before, after)


def add(*, by: Actor, wanted: Exemption) -> int:
    """Put an exemption in force; returns how many open orders get another deadline, by a job."""
    moved = reach(by=by, wanted=wanted)
    exemptions.add_exemption(by=by, wanted=wanted)
    sweep.open_orders()
    return moved


def replace(*, by: Actor, exemption_id: UUID, wanted: Exemption) -> int:
    """Put another one in the place of one; returns how many open orders get another deadline, by a job."""
    moved = reach(by=by, wanted=wanted, instead_of=exemption_id)
    exemptions.replace_exemption(by=by, exemption_id=exemption_id, wanted=wanted)
    sweep.open_orders()
    return moved


def remove(*, by: Actor, exemption_id: UUID, reason: str) -> int:
    """Take an exemption away; returns how many open orders get another deadline, by a job."""
    before = exemptions.in_force()
    exemptions.remove_exemption(by=by, exemption_id=exemption_id, reason=reason)
    sweep.open_orders()
    return _moved(by, before, exemptions.in_force())


def _known(platform: str) -> None:
    if platform and platform not in {c.key for c in registry.cards()}:
        said = f"没有“{platform}”这个平台，请从列表里选。"
        raise Invalid("bad_exemption", said, fields={"platform": said})


def _moved(by: Actor, before: Sequence[Exemption], after: Sequence[Exemption]) -> int:
    book = platform_rules.rules_for()
    old, new = with_exemptions(book, before), with_exemptions(book, after)
    return sum(due_by(f, old).due_by != due_by(f, new).due_by for f in clock_facts.open_orders(by))
