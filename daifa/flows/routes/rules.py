"""Operators' rules: written, ordered, switched, and replayed over the past before they act."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from daifa.areas.orders.rules.rule_engine import ACTIONS
from daifa.areas.orders.rules.rule_fields import FIELDS, OPERATORS, OPS_OF, REFUND_NAMES
from daifa.areas.orders.services import rules
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import rule_desk
from daifa.flows.rule_desk import Replayed, RuleSaid

router = Router(tags=["rules"])
SHOWN = 200


class Choice(Schema):
    """One thing to choose from."""

    value: str
    label: str


class FieldOut(Schema):
    """A field a condition may ask for; ``kind`` says how its value is written, ``choices`` what is known (or none)."""

    key: str
    label: str
    kind: str
    operators: list[Choice]
    choices: list[Choice]


class Vocabulary(Schema):
    """What the editor offers."""

    fields: list[FieldOut]
    actions: list[Choice]
    suppliers: list[Choice]


class RuleView(Schema):
    """A rule with its sentence."""

    id: UUID
    name: str
    position: int
    enabled: bool
    definition: dict[str, Any]
    version: int
    sentence: str


class RuleIn(Given):
    """A rule as the editor sends it."""

    name: str
    definition: dict[str, Any]


class RuleChange(RuleIn):
    """A changed rule; ``version`` guards against a stale form."""

    version: int


class RuleSwitch(Given):
    """On or off."""

    on: bool
    version: int


class Order(Given):
    """All rules in their new order."""

    ids: list[UUID]


class ReplayIn(Given):
    """What to replay: a stored rule, or one that is being written; neither: every rule alone."""

    rule_id: UUID | None = None
    definition: dict[str, Any] | None = None
    days: int = 30


class PastOut(Schema):
    """One order of the past."""

    id: UUID
    number: str
    shop: str
    paid_at: datetime | None
    paid_fen: int | None
    margin_fen: int | None


class ReplayOut(Schema):
    """What one rule would have done; ``orders`` are the first of ``hit``."""

    rule_id: UUID
    name: str
    days: int
    looked: int
    hit: int
    amount_fen: int
    amounts_missing: int
    text: str
    sentence: str
    cut: bool
    orders: list[PastOut]


class Said(Schema):
    """What was done."""

    message: str


def _rule(one: RuleSaid) -> dict[str, Any]:
    r = one.rule
    return {
        "id": r.id,
        "name": r.name,
        "position": r.position,
        "enabled": r.enabled,
        "definition": dict(r.definition),
        "version": r.version,
        "sentence": one.sentence,
    }


def replay_out(one: Replayed, most: int = SHOWN) -> dict[str, Any]:
    """A replay as an answer, with the first orders."""
    r = one.rule
    return {
        "rule_id": r.rule_id,
        "name": r.name,
        "days": one.days,
        "looked": r.looked,
        "hit": len(r.orders),
        "amount_fen": r.amount_fen,
        "amounts_missing": r.amounts_missing,
        "text": r.text,
        "sentence": one.sentence,
        "cut": one.cut,
        "orders": [
            {
                "id": o.id,
                "number": o.number,
                "shop": o.shop,
                "paid_at": o.paid_at,
                "paid_fen": o.paid_fen,
                "margin_fen": o.margin_fen,
            }
            for o in one.orders[:most]
        ],
    }


@router.get("/rules", response={200: list[RuleView], **REFUSALS}, auth=May("orders.view"))
def list_rules(request: HttpRequest) -> Any:
    """Every rule in its order."""
    return [_rule(r) for r in rule_desk.listed()]


@router.get("/rules/vocabulary", response={200: Vocabulary, **REFUSALS}, auth=May("orders.view"))
def vocabulary(request: HttpRequest) -> Any:
    """Fields, comparisons and actions that a rule can be made of."""
    called, by = rule_desk.names(), actor_of(request)
    known = {
        "platforms": called.platforms,
        "shops": {k: n for k, n in called.shops.items() if by.shops is None or UUID(k) in by.shops},
        "suppliers": {k: n for k, n in called.suppliers.items() if by.suppliers is None or UUID(k) in by.suppliers},
        "refunds": REFUND_NAMES,
    }
    fields = [
        {
            "key": key,
            "label": field.label,
            "kind": field.kind.value,
            "operators": [{"value": op, "label": OPERATORS[op]} for op in OPS_OF[field.kind]],
            "choices": [{"value": v, "label": n} for v, n in known.get(field.names, {}).items()],
        }
        for key, field in FIELDS.items()
    ]
    return {
        "fields": fields,
        "actions": [{"value": k, "label": label} for k, label in ACTIONS.items()],
        "suppliers": [{"value": k, "label": n} for k, n in known["suppliers"].items()],
    }


@router.post("/rules", response={200: RuleView, **REFUSALS}, auth=May("rules.edit"))
def create_rule(request: HttpRequest, body: RuleIn) -> Any:
    """A new rule, last and switched off."""
    return _rule(rule_desk.said(rules.create(by=actor_of(request), name=body.name, definition=body.definition)))


@router.put("/rules/{uuid:rule_id}", response={200: RuleView, **REFUSALS}, auth=May("rules.edit"))
def save_rule(request: HttpRequest, rule_id: UUID, body: RuleChange) -> Any:
    """Change a rule."""
    actor = actor_of(request)
    return _rule(
        rule_desk.save(by=actor, rule_id=rule_id, version=body.version, name=body.name, definition=body.definition)
    )


@router.delete("/rules/{uuid:rule_id}", response={200: Said, **REFUSALS}, auth=May("rules.edit"))
def delete_rule(request: HttpRequest, rule_id: UUID) -> Any:
    """Remove a rule; what it held is judged anew."""
    rule_desk.delete(by=actor_of(request), rule_id=rule_id)
    return {"message": "规则已删除，它挂起的订单正在重新判断"}


@router.post("/rules/{uuid:rule_id}/switch", response={200: Said, **REFUSALS}, auth=May("rules.edit"))
def switch_rule(request: HttpRequest, rule_id: UUID, body: RuleSwitch) -> Any:
    """Switch a rule on or off."""
    one = rule_desk.switch(by=actor_of(request), rule_id=rule_id, on=body.on, version=body.version)
    return {"message": f"规则“{one.rule.name}”已{'启用' if body.on else '停用'}，未完成的订单正在重新判断"}


@router.post("/rules/order", response={200: Said, **REFUSALS}, auth=May("rules.edit"))
def order_rules(request: HttpRequest, body: Order) -> Any:
    """Put all rules in a new order."""
    rule_desk.reorder(by=actor_of(request), rule_ids=body.ids)
    return {"message": "顺序已保存，未完成的订单正在重新判断"}


@router.post("/rules/replay", response={200: list[ReplayOut], **REFUSALS}, auth=May("orders.view"))
def replay_rules(request: HttpRequest, body: ReplayIn) -> Any:
    """What rules would have done to the orders of the last days. Writes nothing."""
    actor = actor_of(request)
    if body.rule_id is None and body.definition is None:
        return [replay_out(r) for r in rule_desk.replay_all(by=actor, days=body.days)]
    one = rule_desk.replay_one(by=actor, rule_id=body.rule_id, definition=body.definition, days=body.days)
    return [replay_out(one)]
