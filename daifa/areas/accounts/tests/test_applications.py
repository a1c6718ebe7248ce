"""Applications: what is given again replaces, what is not stays; a rate of one's own."""

from __future__ import annotations

import pytest

from daifa.areas.accounts.services import applications
from daifa.base.actor import SYSTEM
from daifa.kit.errors import Invalid
from daifa.ports.card import ApiTerms, Limit


def _save(secrets: dict[str, str], rate: int | None = None) -> applications.Keys:
    saved = applications.save(
        by=SYSTEM, platform="douyin", app_key=" 77 ", secrets=secrets, urls={}, calls_per_second=rate
    )
    return applications.open_keys(saved.id)


@pytest.mark.usefixtures("in_tenant")
def test_secrets_that_are_not_given_again_stay() -> None:
    first = _save({"app_secret": "s", "shop_id": "1"})
    again = _save({"app_secret": " "}, 12)
    assert again.id == first.id
    assert again.secrets == {"app_secret": "s", "shop_id": "1"}
    assert again.calls_per_second == 12
    assert _save({"shop_id": "2"}).secrets == {"app_secret": "s", "shop_id": "2"}


@pytest.mark.usefixtures("in_tenant")
def test_a_new_application_needs_its_secret_and_a_rate_its_bounds() -> None:
    with pytest.raises(Invalid, match="密钥"):
        _save({})
    for rate in (0, 1001):
        with pytest.raises(Invalid, match="1 到 1000"):
            _save({"app_secret": "s"}, rate)


def test_a_rate_of_ones_own_leaves_single_calls_their_rates() -> None:
    terms = ApiTerms((), (Limit(60, 120, source="x"), Limit(1, 2, "token.*", source="y")))
    assert terms.paced(None) is terms
    slow, token = terms.paced(10).limits
    assert (slow.per_second, slow.burst, token) == (10, 20, terms.limits[1])
    assert terms.paced(1).limits[0].burst == 2
