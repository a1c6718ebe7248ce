"""Which batch-ship template a shop fills, and so whether the platform takes an order only whole."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from daifa.areas.logistics.rules.ship_file import ShipFormat
from daifa.areas.logistics.rules.ship_template import built_in
from daifa.areas.logistics.services import templates
from daifa.connectors import registry
from daifa.kit.errors import Invalid
from daifa.ports.card import GENERIC


def of_platform(platform: str) -> tuple[ShipFormat, str]:
    """The built-in template of a platform and its name; the generic one where a platform has none."""
    for profile in (*registry.ship_profiles(platform), *registry.ship_profiles(GENERIC)):
        if profile.ship_template is not None:
            return built_in(profile.ship_template), profile.label
    raise Invalid("no_template", f"没有 {platform} 的发货模板，请把平台的空模板拖进来。")


def only_whole(platforms: Mapping[UUID, str]) -> list[UUID]:
    """Of these shops (with their platforms) those whose file marks a whole order as shipped by one row."""
    own = templates.of_shops(list(platforms))
    forms = {i: own[i].form if i in own else of_platform(platform)[0] for i, platform in platforms.items()}
    return sorted(i for i, form in forms.items() if not form.line_level)
