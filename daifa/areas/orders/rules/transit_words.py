"""Whether an address is a consolidation or forwarding warehouse (集运, 转运): which words say so."""

from __future__ import annotations

import re

_MARKS = re.compile(
    r"集运中转仓|集运中心|集运仓|集运点|集运站|集运|转运中心|转运仓|中转仓|中转站|转运码|转运|货代|集货仓|直邮仓|海外仓|国际仓"
    r"|会员(?:号|编号|码|ID|id)|客户(?:号|编号|代码|码)|唛头|入仓号|仓位号|识别码"
    r"|转(?:寄)?(?:香港|澳门|台湾|新疆|马来西亚|马来|新加坡|美国|加拿大|澳洲|澳大利亚|日本|韩国|泰国|英国|海外)"
)
# 中转站 is also a bus stop and 集运路 a street.
_STREET = re.compile(r"^[东西南北中一二三四五六七八九十]{0,2}(?:路|街|巷|弄|大道|村|社区|小区|宿舍|公交|地铁)")
_WEAK = frozenset({"中转站"})


def transit_marks(address: str) -> tuple[str, ...]:
    """The words of an address that mark it as a forwarding warehouse; empty for an ordinary one."""
    found: dict[str, None] = {}
    for hit in _MARKS.finditer(address):
        if not _STREET.match(address[hit.end() :]):
            found[hit.group()] = None
    marks = tuple(found)
    return () if set(marks) <= _WEAK else marks
