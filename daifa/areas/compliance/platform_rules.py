"""A platform's rule as it is stored: the parts that a merchant may override, as JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from daifa.areas.compliance.types import PlatformRule
from daifa.ports.terms import Band, RuleKind


def to_definition(rule: PlatformRule) -> dict[str, object]:
    """The parts of a rule that a merchant may override, as JSON."""
    return {
        "hours": rule.hours,
        "bands": [
            {
                "up_to_fen": b.up_to_fen,
                "fixed_fen": b.fixed_fen,
                "percent": None if b.percent is None else str(b.percent),
                "min_fen": b.min_fen,
                "max_fen": b.max_fen,
            }
            for b in rule.bands
        ],
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": None if rule.valid_to is None else rule.valid_to.isoformat(),
    }


def from_definition(
    key: str, platform: str, kind: str, definition: Mapping[str, object], source: str, verified: bool
) -> PlatformRule:
    """A stored row as a rule; what the definition does not say is unknown."""
    bands = cast("list[Mapping[str, object]]", definition.get("bands") or [])
    hours = definition.get("hours")
    return PlatformRule(
        key=key,
        platform=platform,
        kind=RuleKind(kind),
        hours=None if hours is None else int(str(hours)),
        bands=tuple(_band(b) for b in bands),
        valid_from=date.fromisoformat(str(definition.get("valid_from") or "2000-01-01")),
        valid_to=date.fromisoformat(str(definition["valid_to"])) if definition.get("valid_to") else None,
        source=source,
        verified=verified,
    )


def _band(said: Mapping[str, object]) -> Band:
    def fen(name: str) -> int | None:
        value = said.get(name)
        return None if value is None else int(str(value))

    percent = said.get("percent")
    return Band(
        up_to_fen=fen("up_to_fen"),
        fixed_fen=fen("fixed_fen"),
        percent=None if percent is None else Decimal(str(percent)),
        min_fen=fen("min_fen"),
        max_fen=fen("max_fen"),
    )
