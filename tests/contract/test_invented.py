"""The shop suite once more, over a platform that the product has never heard of: one folder is all it brings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from daifa.connectors import registry
from tests.contract import test_shop_api as suite
from tests.contract.bench import Bench
from tests.contract.invented import KEY, beside


@pytest.fixture
def bench() -> Iterator[Bench]:
    with beside() as key:
        yield Bench(key)


# Every test of the suite, by the bench of this module.
globals().update({name: test for name, test in vars(suite).items() if name.startswith("test_")})


def test_it_is_found_only_while_its_folder_is_there() -> None:
    assert KEY not in registry.connectors()
    with beside():
        assert (registry.label_of(KEY), registry.shop_platform("每日优选")) == ("每日", KEY)
        assert registry.fakes()[KEY].kind == "shop"
    assert KEY not in registry.connectors()
    assert KEY not in registry.fakes()
