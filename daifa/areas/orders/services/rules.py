"""Operators' rules in the database: written, ordered, switched on and off; every deed is audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Max

from daifa.areas.orders.models import Rule
from daifa.areas.orders.rules.rule_engine import validate
from daifa.areas.orders.types import RuleRow
from daifa.base import audit, bulk
from daifa.base.actor import Actor
from daifa.kit.errors import Conflict, Invalid, NotFound

PERMISSION = "rules.edit"
MOST = 200


def every() -> list[RuleRow]:
    """All rules in their order, also those switched off."""
    return [_value(r) for r in Rule.objects.order_by("position", "name")]


def enabled() -> list[RuleRow]:
    """The rules that act, in their order."""
    return [_value(r) for r in Rule.objects.filter(enabled=True).order_by("position", "name")]


def get(rule_id: UUID) -> RuleRow:
    """One rule. Raises NotFound."""
    return _value(_row(rule_id))


def create(*, by: Actor, name: str, definition: Mapping[str, object]) -> RuleRow:
    """A new rule, last in order and switched off: it is replayed before it acts. Raises Invalid, Conflict."""
    by.need(PERMISSION)
    name, document = _name(name), validate(definition)
    if Rule.objects.count() >= MOST:
        raise Conflict("too_many_rules", f"规则已有 {MOST} 条，请先删掉不用的。")
    last = Rule.objects.aggregate(n=Max("position"))["n"]
    row = Rule.objects.create(name=name, definition=document, position=0 if last is None else last + 1)
    audit.record(by, "rule.create", f"新建规则“{name}”", kind="rule", object_id=row.id, data={"definition": document})
    return _value(row)


def save(*, by: Actor, rule_id: UUID, version: int, name: str, definition: Mapping[str, object]) -> RuleRow:
    """Change a rule that was read at ``version``. Raises Invalid, NotFound, Conflict when somebody was faster."""
    by.need(PERMISSION)
    document, row = validate(definition), _row(rule_id, version)
    name = _name(name, but=rule_id)
    data: dict[str, object] = {}
    if row.name != name:
        data["name"] = [row.name, name]
    if row.definition != document:
        data["definition"] = [row.definition, document]
    if data:
        row.name, row.definition, row.version = name, document, row.version + 1
        row.save(update_fields=["name", "definition", "version"])
        audit.record(by, "rule.change", f"修改规则“{name}”", kind="rule", object_id=rule_id, data=data)
    return _value(row)


def switch(*, by: Actor, rule_id: UUID, on: bool, version: int | None = None) -> RuleRow:
    """Switch a rule on or off; with a version only if the rule is still the one that was looked at."""
    by.need(PERMISSION)
    row = _row(rule_id, version)
    if row.enabled is not on:
        row.enabled, row.version = on, row.version + 1
        row.save(update_fields=["enabled", "version"])
        said = "启用" if on else "停用"
        audit.record(by, "rule.switch", f"{said}规则“{row.name}”", kind="rule", object_id=rule_id, data={"enabled": on})
    return _value(row)


def reorder(*, by: Actor, rule_ids: Sequence[UUID]) -> list[RuleRow]:
    """Put all rules in this order. Raises Conflict when the list is not exactly the rules that there are."""
    by.need(PERMISSION)
    rows = {r.id: r for r in Rule.objects.select_for_update().order_by("id")}
    if len(set(rule_ids)) != len(rule_ids) or set(rule_ids) != set(rows):
        raise Conflict("rules_changed", "规则有增减，请刷新后再排序。")
    moved = [(i, n) for n, i in enumerate(rule_ids) if rows[i].position != n]
    if moved:
        bulk.update(Rule, ("position",), moved)
        names = [rows[i].name for i in rule_ids]
        audit.record(by, "rule.reorder", "调整规则顺序", kind="rule", data={"order": names})
    return every()


def delete(*, by: Actor, rule_id: UUID) -> None:
    """Remove a rule; its holds close when their orders are screened again."""
    by.need(PERMISSION)
    row = _row(rule_id)
    data = {"definition": row.definition, "enabled": row.enabled}
    audit.record(by, "rule.delete", f"删除规则“{row.name}”", kind="rule", object_id=rule_id, data=data)
    row.delete()


def _row(rule_id: UUID, version: int | None = None) -> Rule:
    row = Rule.objects.select_for_update().filter(id=rule_id).first()
    if row is None:
        raise NotFound("no_such_rule", "没有这条规则，可能已被删除，请刷新列表。")
    if version is not None and row.version != version:
        raise Conflict("stale_rule", f"规则“{row.name}”刚被别人改过，请刷新后再改。", version=row.version)
    return row


def _name(name: str, *, but: UUID | None = None) -> str:
    name = name.strip()
    if not name or len(name) > 40:
        raise Invalid("bad_rule_name", "请给规则起个名字，不超过 40 个字。", field="name")
    same = Rule.objects.filter(name=name)
    if (same.exclude(id=but) if but else same).exists():
        raise Conflict("rule_name_taken", f"已经有叫“{name}”的规则，请换个名字。", field="name")
    return name


def _value(row: Rule) -> RuleRow:
    return RuleRow(row.id, row.name, row.position, row.enabled, row.definition, row.version)
