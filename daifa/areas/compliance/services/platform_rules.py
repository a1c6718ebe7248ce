"""Platform rules in the database: the built-in ones brought up to date, and a company's own versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import InvalidOperation

from daifa.areas.compliance import models
from daifa.areas.compliance.platform_rules import from_definition, to_definition
from daifa.areas.compliance.rules import rule_book, rule_problems, with_overrides
from daifa.areas.compliance.services import exemptions
from daifa.areas.compliance.types import RULE_KIND_LABELS, PlatformRule, RuleBook
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.web import changed
from daifa.kit.errors import Conflict, Invalid, NotFound
from daifa.kit.values import dataclass
from daifa.ports.terms import RuleKind

SEAL = "blocked"  # the purpose of the seal
_COLUMNS = ("key", "platform", "kind", "definition", "source", "verified")


@dataclass(frozen=True, slots=True)
class RuleOut:
    """A rule as the settings screen shows it: what holds, whether it is the company's own, and what is built in.

    ``version`` is the override's (0: none), ``label`` the kind in Chinese, ``definition`` as ``to_definition`` says.
    """

    key: str
    platform: str
    kind: str
    label: str
    definition: Mapping[str, object]
    source: str
    verified: bool
    overridden: bool
    reason: str
    version: int
    built_in: Mapping[str, object] | None


def refresh_platform_rules(built_in: Iterable[PlatformRule]) -> int:
    """Bring the shared table to the built-in rules; returns how many rows had to change (none: one SELECT)."""
    wanted = {r.key: (r.key, r.platform, str(r.kind), to_definition(r), r.source, r.verified) for r in built_in}
    found = {row[0]: row for row in models.PlatformRule.objects.values_list(*_COLUMNS)}
    differ = [
        models.PlatformRule(**dict(zip(_COLUMNS, row, strict=True))) for k, row in wanted.items() if found.get(k) != row
    ]
    gone = found.keys() - wanted.keys()
    if differ:
        models.PlatformRule.objects.bulk_create(
            differ, update_conflicts=True, unique_fields=["key"], update_fields=list(_COLUMNS[1:])
        )
    if gone:
        models.PlatformRule.objects.filter(key__in=gone).delete()
    return len(differ) + len(gone)


def rules_for() -> RuleBook:
    """What the clock of the current company goes by: shared rules, its own versions, its exemptions."""
    own = {key: rule for key, (rule, _, _) in _overrides().items()}
    return rule_book(with_overrides(_shared(), own), exemptions.in_force())


def list_rules() -> list[RuleOut]:
    """Every rule that holds, by platform and kind."""
    own, shared = _overrides(), {r.key: r for r in _shared()}
    out = []
    for rule in with_overrides(shared.values(), {key: rule for key, (rule, _, _) in own.items()}):
        _, reason, version = own.get(rule.key, (rule, "", 0))
        built_in = to_definition(shared[rule.key]) if rule.key in shared else None
        out.append(
            RuleOut(
                rule.key, rule.platform, rule.kind, RULE_KIND_LABELS[rule.kind], to_definition(rule), rule.source,
                rule.verified, rule.overridden, reason, version, built_in,
            )
        )  # fmt: skip
    return sorted(out, key=lambda r: (r.platform, r.kind, r.key))


def override_rule(*, by: Actor, key: str, definition: Mapping[str, object], reason: str, version: int = 0) -> RuleOut:
    """Make a rule the company's own (``key`` = ``platform.kind``). Raises Invalid, Conflict for a stale form."""
    if not reason.strip():
        raise Invalid("reason_missing", "请写明为什么改（例如罚单或平台公告的链接）。")
    rule = _checked(key, definition)
    row = models.PlatformRuleOverride.objects.select_for_update().filter(key=key).first()
    if (row.version if row else 0) != version:
        raise Conflict("stale", "这条规则刚被别人改过，请刷新后再改。")
    before = dict(row.definition) if row else {}
    row = row or models.PlatformRuleOverride(key=key, version=0)
    row.definition, row.reason = to_definition(rule), reason.strip()
    row.version += 1
    row.save()
    audit.record(
        by, "platform_rule.override", f"修改平台规则 {key}", kind="platform_rule", object_id=row.id, reason=reason,
        data=changed(before, to_definition(rule)),
    )  # fmt: skip
    return next(r for r in list_rules() if r.key == key)


def drop_override(*, by: Actor, key: str) -> None:
    """Go back to the built-in rule. Raises NotFound."""
    row = models.PlatformRuleOverride.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise NotFound("no_override", "这条规则没有改过。")
    audit.record(
        by, "platform_rule.restore", f"恢复平台规则 {key}", kind="platform_rule", object_id=row.id,
        data=changed(row.definition, {}),
    )  # fmt: skip
    row.delete()


def _shared() -> list[PlatformRule]:
    return [from_definition(*row) for row in models.PlatformRule.objects.order_by("key").values_list(*_COLUMNS)]


def _overrides() -> dict[str, tuple[PlatformRule, str, int]]:
    rows = models.PlatformRuleOverride.objects.order_by("key")
    return {r.key: (_own(r.key, r.definition, r.reason), r.reason, r.version) for r in rows}


def _own(key: str, definition: Mapping[str, object], reason: str) -> PlatformRule:
    platform, _, kind = key.partition(".")
    return from_definition(key, platform, kind, definition, reason, verified=False)


def _checked(key: str, definition: Mapping[str, object]) -> PlatformRule:
    platform, _, kind = key.partition(".")
    if not platform or kind not in list(RuleKind):
        raise Invalid("unknown_rule", f"没有“{key}”这种规则。")
    try:
        rule = _own(key, definition, "")
    except (ValueError, TypeError, AttributeError, InvalidOperation) as error:
        raise Invalid("bad_rule", "规则里有读不懂的数字或日期。请检查时限、比例、金额和日期。") from error
    if problems := rule_problems(rule):
        raise Invalid("bad_rule", "；".join(problems))
    return rule
