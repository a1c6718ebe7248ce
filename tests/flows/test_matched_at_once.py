"""Two workers meet the same new listing at the same moment: it is matched once, and neither fails."""

from __future__ import annotations

import threading
from uuid import UUID

from django.db import connections

from daifa.areas.catalog.services import goods, mappings
from daifa.areas.catalog.services.mappings import NewMapping
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from tests.flows import files
from tests.flows.day import bring, make_shop


def test_a_listing_that_somebody_else_matches_meanwhile_stays_his(tenant_number: int) -> None:
    shop = make_shop(tenant_number)
    bring(tenant_number, "商品.csv", files.goods("HP-001"))
    with tenant(tenant_number):
        sku = goods.ids_by_code(["HP-001"])["HP-001"]
    said = NewMapping(shop, "3500001|白 大", True, ((sku, 1),), "code", "收纳盒", "白 大", "编码相同")
    begun, found = threading.Event(), dict[str, UUID]()

    def learn(name: str, ready: threading.Event | None) -> None:
        try:
            with tenant(tenant_number):
                [made] = mappings.remember(by=SYSTEM, mappings=[said], over=False).values()
                found[name] = made.id
                begun.set()
                if ready is not None:
                    # The other is in its statement, waiting for us, or will find what we leave.
                    ready.wait(0.5)
        finally:
            connections.close_all()

    first = threading.Thread(target=learn, args=("first", threading.Event()))
    first.start()
    assert begun.wait(10)
    learn("second", None)
    first.join()
    assert found["first"] == found["second"]
