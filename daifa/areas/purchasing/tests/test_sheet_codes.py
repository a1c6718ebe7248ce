"""A supplier's sheet whose goods are codes with their counts."""

from __future__ import annotations

import pytest

from daifa.areas.purchasing.rules.sheet_learning import learn_format


@pytest.mark.parametrize("cell", ["HD-01白大*2；HD-02*1", "HD-01", ""])
def test_codes_with_their_counts_in_one_cell_are_asked(cell: str) -> None:
    head: list[object] = ["单号", "姓名", "电话", "收货地址", "货号+数量"]
    learned = learn_format([head, ["P1", "张三", "13800000001", "浙江省杭州市文一路1号", cell]])
    assert learned.form.columns[4].value == "goods_text"
    assert learned.asked == (4,)
    assert learn_format([head], told={4: "supplier_code"}).asked == ()
