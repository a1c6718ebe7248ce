"""What every platform demands and charges, as its connector says, in the words of the areas that go by it."""

from __future__ import annotations

from daifa.areas.compliance.types import PlatformRule
from daifa.areas.finance.types import Rate, RateKind
from daifa.connectors import registry


def rules() -> tuple[PlatformRule, ...]:
    """The built-in rules of all platforms."""
    return tuple(
        PlatformRule(f"{key}.{r.kind}", key, r.kind, r.hours, r.bands, source=r.source, verified=r.verified)
        for key, connector in registry.connectors().items()
        for r in connector.rules
    )


def rates() -> tuple[Rate, ...]:
    """The built-in service fees of all platforms; merchants enter their own."""
    return tuple(
        Rate(
            RateKind.PLATFORM_FEE, key, percent=f.percent, valid_from=f.valid_from, valid_to=f.valid_to, source=f.source
        )
        for key, connector in registry.connectors().items()
        for f in connector.fees
    )
