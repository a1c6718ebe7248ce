"""A recipient that a person corrects in part."""

from __future__ import annotations

import orjson
import pytest

from daifa.areas.orders.services import editing
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.tenancy import tenant
from daifa.flows import order_people
from daifa.kit.errors import Invalid
from daifa.reads import order_desk, order_query
from daifa.reads.order_query import Target
from tests.flows import files
from tests.flows.day import bring, make_shop

NOTHING = {"name": "", "phone": "", "province": "", "city": "", "district": "", "address": ""}


def test_what_a_person_leaves_empty_stays_as_it_is_sealed(tenant_number: int) -> None:
    """A district is added without typing name, phone and address again; where nothing is plain all are asked for."""
    shop = make_shop(tenant_number)
    bring(tenant_number, "商品.csv", files.goods("HP-001"))
    bring(tenant_number, "报价.csv", files.prices(("恒达百货", "HP-001", "11.20")))
    short = {"省": "广东省", "市": "深圳市", "区": "", "街道": "", "详细地址": "科苑路 15 号 2 栋 301"}
    masked = {"收件人": "王*", "收件人手机号": "170****5678", "详细地址": "测试路****"}
    both = files.douyin({"主订单编号": "6901", **short}, {"主订单编号": "6902", **masked})
    bring(tenant_number, "订单.csv", both, shop=shop)
    with tenant(tenant_number):
        one, hidden = (order_query.orders_of(Target(filter={"numbers": n}), SYSTEM)[0] for n in ("6901", "6902"))
        before, row = editing.opened(one), order_desk.one(one, SYSTEM)
        assert [h.kind for h in row.holds if h.blocks] == ["address_incomplete"]
        assert order_people.edit(by=SYSTEM, order_id=one, version=row.version, **NOTHING) == order_people.UNCHANGED
        edits = bulk.select("SELECT edits FROM orders_order WHERE tenant_id = {tenant} AND id = %s", [one])
        assert orjson.loads(edits[0][0]) == {}
        assert order_desk.one(one, SYSTEM).version == row.version, "nothing was said, so files may go on to change it"
        added = {**NOTHING, "district": "南山区"}
        said = order_people.edit(by=SYSTEM, order_id=one, version=row.version, **added)
        assert before["name"] not in said
        after = editing.opened(one)
        parts = ("name", "phone", "province", "city", "district", "street", "address")
        assert [(k, after[k]) for k in parts if after[k] != before[k]] == [("district", "南山区")]
        assert order_desk.one(one, SYSTEM).tab == "dispatch"
        known = order_people.masked(by=SYSTEM, order_id=one)
        assert (known.district, known.name[1:], "*" in known.phone) == ("南山区", "*" * (len(before["name"]) - 1), True)
        assert before["address"] not in str(known)
        assert order_people.masked(by=SYSTEM, order_id=hidden).name == ""
        version = order_desk.one(hidden, SYSTEM).version
        with pytest.raises(Invalid) as refused:
            order_people.edit(by=SYSTEM, order_id=hidden, version=version, **added)
        assert set(refused.value.data["fields"]) == {"name", "phone", "address"}  # type: ignore[call-overload]
