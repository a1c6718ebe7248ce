"""A price list that has its quantity tiers as columns: from how many pieces the price under a header holds."""

from __future__ import annotations

import re
import unicodedata

# What counts pieces. A box, a pack or a dozen is no piece: such a header is asked, never read.
_PIECE = "(?:件|个|只|条|双|套|支|瓶|把|张|台|pcs?)"
_PACK = "(?:箱|盒|包|打|组|捆|袋|卷|提)"
_PRICE = "(?:单价|批发价|拿货价|供货价|代发价|采购价|报价|价格|价)"
_FROM = "(?:及|或|含|\\(含\\))?(?:以上|起批|起订|起拿|起售|起)(?:\\(含\\))?"
_TO = "(?:-|~|—+|–|至|到)"
_N = r"(\d{1,6})"
# Each form says one lower end and nothing else, so that it can only be the price of one piece from there on.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"{_N}{_PIECE}{_FROM}的?{_PRICE}?",
        rf"(?:≥|>=){_N}{_PIECE}{_PRICE}?",
        rf"满{_N}{_PIECE}的?{_PRICE}?",
        rf"{_N}{_PIECE}?{_TO}\d{{1,6}}{_PIECE}的?{_PRICE}?",
        rf"{_N}\+{_PIECE}{_PRICE}?|{_N}{_PIECE}\+{_PRICE}?",
        rf"{_N}{_PIECE}单价",
    )
)
_TAIL = re.compile(rf"[(\[]?(?:元/{_PIECE}|元|¥|单位:元)[)\]]?$")
_WRAPPED = re.compile(rf"({_PRICE})[(\[](.+)[)\]]|[(\[](.+)[)\]]({_PRICE})")
_COUNTED = re.compile(
    rf"(?:\d|[一二两三四五六七八九十百千]){_PIECE}|(?:\d|[一二两三四五六七八九十百千整每]){_PACK}|(?:≥|>|≤|<)=?\d"
)
_BY_QUANTITY = re.compile(r"阶梯|大货|大批|批量价|量大|整[件箱]")
_BARE = re.compile(rf"(?:≥|>|≤|<)=?\d+|\d+{_TO}\d+|\d+\+")
_OTHER = re.compile("运费|邮|库存|时效|发货|箱规|装箱|起订量|起批量|重量|尺寸|规格|名称|编码|图|体积|赠品")
_SAYS_PRICE = re.compile("价|元|¥|折|减|以上|以下|以内|起|满|≥|≤|>|<|[-~—–至到+]")

TIER_FIX = "把列名改成“10件以上单价”这样再导入，或选“原样保留，不使用”。"


def _plain(header: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", header).split()).lower().replace("≧", "≥").replace("¥", "¥")
    return text.strip("*\"'")


def tier_from(header: str) -> int | None:
    """From how many pieces on the price of this column holds; None where the header does not say exactly that."""
    text = _TAIL.sub("", _plain(header))
    if found := _WRAPPED.fullmatch(text):
        text = f"{found[2]}{found[1]}" if found[1] else f"{found[3]}{found[4]}"
        text = text if re.search(_PIECE, text) else ""
    for form in _FORMS:
        if (match := form.fullmatch(text)) and (n := int(next(g for g in match.groups() if g))) > 0:
            return n
    return None


def maybe_tier(header: str) -> bool:
    """Whether a header looks like a price by quantity, readable or not."""
    text = _plain(header)
    if _OTHER.search(text):
        return False
    if _BARE.fullmatch(text) or (_BY_QUANTITY.search(text) and "价" in text):
        return True
    return bool(_COUNTED.search(text) and _SAYS_PRICE.search(text))
