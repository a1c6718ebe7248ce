"""Colour words of listings: one shade under many names, and shades that are near but not the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

# shade -> the words for it. A bare 黑 counts only as a whole value: 黑胡椒 is no colour.
_SHADES: dict[str, str] = {
    "黑": "黑色 黑 纯黑 哑黑 亮黑 曜石黑 经典黑 炭黑 磨砂黑 哑光黑",
    "白": "白色 白 纯白 本白 亮白 瓷白 雪白 珍珠白 陶瓷白",
    "米白": "米白色 米白 奶白色 奶白 乳白色 乳白 象牙白 奶油白 奶油色",
    "米": "米色 杏色 米杏色 米杏 浅杏 燕麦色 米黄色 米黄",
    "灰": "灰色 灰 中灰 高级灰",
    "深灰": "深灰色 深灰 炭灰 铁灰 烟灰",
    "浅灰": "浅灰色 浅灰 银灰 淡灰",
    "红": "红色 红 大红色 大红 正红 中国红",
    "酒红": "酒红色 酒红 枣红 暗红",
    "粉": "粉色 粉 粉红色 粉红 浅粉 樱花粉 淡粉 藕粉",
    "玫红": "玫红色 玫红 玫瑰红 桃红",
    "橙": "橙色 橙 橘色 桔色 橘红 橘黄",
    "黄": "黄色 黄 柠檬黄 鹅黄 浅黄",
    "姜黄": "姜黄色 姜黄 土黄",
    "金": "金色 香槟金 土豪金 香槟色",
    "银": "银色 银白",
    "绿": "绿色 绿 草绿 果绿",
    "浅绿": "浅绿色 浅绿 薄荷绿 豆绿 抹茶绿 牛油果绿",
    "墨绿": "墨绿色 墨绿 深绿 军绿色 军绿",
    "蓝": "蓝色 蓝 宝蓝 湖蓝",
    "浅蓝": "浅蓝色 浅蓝 天蓝色 天蓝 雾霾蓝 淡蓝",
    "深蓝": "深蓝色 深蓝 藏青色 藏青 藏蓝 海军蓝",
    "紫": "紫色 紫 香芋紫 浅紫 深紫",
    "咖": "咖啡色 咖色 咖 棕色 棕 褐色 深棕 巧克力色",
    "卡其": "卡其色 卡其 驼色 焦糖色",
    "木": "原木色 木色 胡桃色 原木",
    "透明": "透明色 透明 全透",
    "彩": "彩色 花色 混色 随机色 颜色随机 拼色",
}
_NEAR = frozenset(
    frozenset(pair)
    for pair in (
        ("米白", "米"), ("米白", "白"), ("深灰", "灰"), ("浅灰", "灰"), ("浅灰", "银"), ("酒红", "红"), ("玫红", "粉"),
        ("玫红", "红"), ("姜黄", "黄"), ("浅绿", "绿"), ("墨绿", "绿"), ("浅蓝", "蓝"), ("深蓝", "蓝"), ("咖", "卡其"),
        ("卡其", "米"), ("木", "咖"),
    )
)  # fmt: skip
_BY_WORD = {word: shade for shade, words in _SHADES.items() for word in words.split()}
_LONG = re.compile("|".join(sorted((w for w in _BY_WORD if len(w) > 1), key=lambda w: (-len(w), w))))
_MIX = re.compile(r"[黑白灰红粉橙黄金银绿蓝紫棕咖]{2,3}(?:色|拼色|相间)?$")


def colours_in(value: str, *, loose: bool = False) -> Iterator[tuple[str, str]]:
    """(shade, word) of each colour in one value of a spec; ``loose`` (titles) takes only words that end in 色."""
    if not loose and value in _BY_WORD:
        yield _BY_WORD[value], value
        return
    if not loose and _MIX.fullmatch(value) and value not in _BY_WORD:
        for char in value:
            if char in _BY_WORD:
                yield _BY_WORD[char], value
        return
    for match in _LONG.finditer(value):
        if not loose or match[0].endswith("色"):
            yield _BY_WORD[match[0]], match[0]


def near_colours(some: set[str], others: set[str]) -> bool:
    """Whether every shade of either side is near a shade of the other (米白 and 米色)."""
    return all(
        any(frozenset((a, b)) in _NEAR or a == b for b in that)
        for this, that in ((some, others), (others, some))
        for a in this
    )
