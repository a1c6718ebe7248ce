"""The platforms' deadlines as a company sees them: what holds and who says so, its own hours, and back again."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from daifa.areas.compliance.services import platform_rules
from daifa.areas.compliance.services.platform_rules import RuleOut
from daifa.base.web import REFUSALS, Given, May, actor_of
from daifa.flows import sweep
from daifa.kit.errors import NotFound

router = Router(tags=["rules"])

Hours = Annotated[int, Field(ge=1, le=24 * 90)]


class PlatformRuleRow(Schema):
    """One rule that holds; ``version`` is that of the company's own hours (0: none), ``built_in_hours`` the shared."""

    key: str
    platform: str
    kind: str
    label: str
    hours: int | None
    built_in_hours: int | None
    bands: int
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool
    overridden: bool
    reason: str
    version: int


class PlatformRuleChange(Given):
    """The company's own hours, and why."""

    hours: Hours
    reason: str
    version: int = 0


class PlatformRuleSaid(Schema):
    """What was done."""

    message: str


def _row(rule: RuleOut) -> dict[str, Any]:
    said, shared = rule.definition, rule.built_in or {}
    bands = said["bands"]
    return {
        "key": rule.key,
        "platform": rule.platform,
        "kind": rule.kind,
        "label": rule.label,
        "hours": said["hours"],
        "built_in_hours": shared.get("hours"),
        "bands": len(bands) if isinstance(bands, list) else 0,
        "valid_from": said["valid_from"],
        "valid_to": said["valid_to"],
        "source": rule.source,
        "verified": rule.verified,
        "overridden": rule.overridden,
        "reason": rule.reason,
        "version": rule.version,
    }


@router.get("/platform-rules", response={200: list[PlatformRuleRow], **REFUSALS}, auth=May("orders.view"))
def list_platform_rules(request: HttpRequest) -> Any:
    """Every rule that holds, by platform and kind."""
    return [_row(r) for r in platform_rules.list_rules()]


@router.put("/platform-rules/{key}", response={200: PlatformRuleSaid, **REFUSALS}, auth=May("rules.edit"))
def override_platform_rule(request: HttpRequest, key: str, body: PlatformRuleChange) -> Any:
    """Give a rule the company's own hours; its penalties and dates stay. Open orders are judged anew by a job."""
    now = next((r for r in platform_rules.list_rules() if r.key == key), None)
    if now is None:
        raise NotFound("no_such_platform_rule", "没有这条平台规则，请刷新后再看。")
    rule = platform_rules.override_rule(
        by=actor_of(request),
        key=key,
        definition={**now.definition, "hours": body.hours},
        reason=body.reason,
        version=body.version,
    )
    sweep.open_orders()
    return {"message": f"“{rule.label}”改为 {body.hours} 小时，未完成的订单正在重新计时"}


@router.delete("/platform-rules/{key}", response={200: PlatformRuleSaid, **REFUSALS}, auth=May("rules.edit"))
def restore_platform_rule(request: HttpRequest, key: str) -> Any:
    """Go back to the built-in rule."""
    platform_rules.drop_override(by=actor_of(request), key=key)
    sweep.open_orders()
    return {"message": "已恢复内置时效，未完成的订单正在重新计时"}
