"""Names, phones and addresses out of one pasted block, in any order, with or without labels."""

from __future__ import annotations

import re
from typing import NamedTuple

from daifa.kit.geo.gazetteer import gazetteer
from daifa.kit.geo.plain import is_masked


class Contact(NamedTuple):
    """Who receives; empty parts were not found. The phone keeps its extension after ``-``."""

    name: str = ""
    phone: str = ""
    address: str = ""


_WIDE = str.maketrans("０１２３４５６７８９－＋（）：；，　", "0123456789-+():;, ")
_EXTENSION = r"(?:\s*(?:[-–—~]|转接?|分机号?|#|ext\.?)\s*(?P<ext>\d{2,6})|\[(?P<code>\d{3,6})\])?"
_MOBILE = re.compile(
    rf"(?<![\dA-Za-z])(?:\+?0{{0,2}}86[\s-]*)?(?P<number>1[3-9]\d(?:[\s-]?\d{{4}}){{2}}|1[3-9]\d[*xX]{{4}}\d{{4}}){_EXTENSION}"
    r"(?![\dA-Za-z])"
)
_FIXED = re.compile(
    r"(?<![\dA-Za-z])(?:\+?86[\s-]*)?(?P<number>\(?0\d{2,3}\)?[\s-]?[2-9]\d{6,7}|[48]00[\s-]?\d{3}[\s-]?\d{4})"
    r"(?:\s*[-转]\s*(?P<ext>\d{1,6}))?(?!\d)"
)
_HONGKONG = re.compile(r"(?<![\d-])(?:\+?0{0,2}(?P<code>852|853|886)[\s-]*)(?P<number>\d{4}[\s-]?\d{4,5})(?!\d)")
_NAME_LABEL = r"收件人姓名|收货人姓名|收件人|收货人|联系人|姓\s*名|收方|客户姓名|名字"
_PHONE_LABEL = r"手机号码?|联系电话|联系方式|收[货件]人?电话|收[货件]人?手机|电话号码|电\s*话|手\s*机|号码|tel|phone"
_PLACE_LABEL = r"所在地区|收货地区|所在省市|省市区|地\s*区"
_ADDRESS_LABEL = r"详细地址|收货地址|收件地址|收货人?地址|收件人?地址|街道地址|地\s*址"
_LABEL = re.compile(
    rf"(?P<name>{_NAME_LABEL})\s*[:：=]?|(?P<phone>{_PHONE_LABEL})\s*[:：=]?|(?P<place>{_PLACE_LABEL})\s*[:：=]"
    rf"|(?P<address>{_ADDRESS_LABEL})\s*[:：=]?|(?P<other>邮\s*编|邮政编码|备注|留言|订单号|单号)\s*[:：=]",
    re.IGNORECASE,
)
_COLON = re.compile(r"[:：=]\s*$")
_PARTS = re.compile(r"[\n\r\t,，;；|/]+|\s+")
_PLACE_WORD = re.compile(r"[省市区县镇乡街路道巷弄村号楼栋幢室组队屯庄苑园厦座层]")
_POLITE = re.compile(r"(?<=..)(?:先生|女士|小姐|老师)$")
_RECEIVES = re.compile(r"\s*(?:\(收\)|（收）|收)$")
# Virtual numbers come with their code behind the name: 李四[1234].
_CODE = re.compile(r"\[\d{3,6}\]$")
_SPEECH = re.compile(r"^[请帮寄送]|[寄发送][到往给]|麻烦|谢谢|地址|快递|备注|发货")
_EDGE = " \t\r\n,，.。;；:：、|/-—_\"'“”"


def normalise_phone(text: str) -> str:
    """A phone as couriers want it: ``13812345678``, ``13812345678-1234``, ``0571-87654321``; '' when none is there.

    Masked mobiles (``138****5678``) stay as they are. Hong Kong, Macau and Taiwan keep their code: ``852-91234567``.
    """
    found = _phone(text.translate(_WIDE))
    return found[0] if found else ""


def _phone(text: str) -> tuple[str, int, int] | None:
    """The first phone of a text and where it stands."""
    best: tuple[str, int, int] | None = None
    for pattern in (_MOBILE, _HONGKONG, _FIXED):
        found = pattern.search(text)
        if found and (best is None or found.start() < best[1]):
            best = (_written(found), found.start(), found.end())
            if pattern is _MOBILE:
                return best
    return best


def _written(found: re.Match[str]) -> str:
    groups = found.groupdict()
    number = re.sub(r"[\s()-]", "", groups["number"])
    if "code" in groups and found.re is _HONGKONG:
        return f"{groups['code']}-{number}"
    if number.startswith("0"):
        cut = 3 if number[1] in "12" else 4
        number = f"{number[:cut]}-{number[cut:]}"
    extension = groups.get("ext") or groups.get("code")
    return f"{number}-{extension}" if extension else number


def split_contact(text: str) -> Contact:
    """Name, phone and address of a pasted block. What is not found is empty; nothing is made up."""
    plain = text.translate(_WIDE).replace("\xa0", " ").strip()
    labelled = _labelled(plain)
    phone = normalise_phone(labelled.pop("phone", ""))
    rest = labelled.pop("rest", "")
    if not phone:
        found = _phone(rest) or _phone(labelled.get("name", "")) or _phone(labelled.get("address", ""))
        phone = found[0] if found else ""
    rest, *kept = (_without_phone(t) for t in (rest, labelled.get("name", ""), labelled.get("address", "")))
    name, address = kept
    name = _bare_name(name.strip(_EDGE))
    place = labelled.get("place", "").strip(_EDGE)
    if name and address:
        return Contact(name, phone, _joined(place, address))
    guessed, left = _guess(rest, want_name=not name)
    return Contact(name or guessed, phone, _joined(place, address or left))


def _joined(place: str, address: str) -> str:
    address = address.strip(_EDGE)
    bare = re.sub(r"[\s/,，-]+", "", place)
    return address if not bare or address.startswith(bare) else f"{bare} {address}".strip()


def _without_phone(text: str) -> str:
    found = _phone(text)
    while found:
        text = f"{text[: found[1]]} {text[found[2] :]}"
        found = _phone(text)
    return text


def _labelled(text: str) -> dict[str, str]:
    """The parts after their labels; what stands before or between them is ``rest``."""
    found: dict[str, str] = {}
    marks = [m for m in _LABEL.finditer(text) if _is_label(m, text)]
    rest = text[: marks[0].start()] if marks else text
    for n, mark in enumerate(marks):
        end = marks[n + 1].start() if n + 1 < len(marks) else len(text)
        value = text[mark.end() : end].strip(_EDGE)
        kind = str(mark.lastgroup)
        if kind == "other":
            continue
        if kind == "name":
            # What follows a name without a label of its own is the rest.
            value, *more = value.split(maxsplit=1)
            rest += "".join(f"\n{m}" for m in more)
        if value and kind not in found:
            found[kind] = value
        elif value:
            rest += f"\n{value}"
    found["rest"] = rest
    return found


def _is_label(mark: re.Match[str], text: str) -> bool:
    """A label has its colon, or stands at the start of a line before a blank; 电话亭 has neither."""
    if _COLON.search(mark.group()):
        return True
    before = text[: mark.start()]
    return (not before or before[-1] in "\n\r") and mark.group()[-1:].isspace()


def _guess(text: str, *, want_name: bool) -> tuple[str, str]:
    """A name and the rest: the part that looks like a person, else what stands before the first place name."""
    parts = [p for p in (t.strip(_EDGE) for t in _PARTS.split(text)) if p]
    name = ""
    if want_name:
        likely = [p for p in parts if _is_name(p)]
        # People write the name first or last; of two candidates the outer one is it, before them who 收.
        outer = [p for p in likely if _RECEIVES.search(p)] + [p for p in (parts[:1] + parts[-1:]) if p in likely]
        name = (outer or likely or [""])[0]
        if name:
            parts.remove(name)
        elif parts:
            name, parts[0] = _glued(parts[0])
    return _bare_name(name), " ".join(p for p in parts if p)


def _bare_name(name: str) -> str:
    return _POLITE.sub("", _RECEIVES.sub("", name) if len(name) > 2 else name).strip(_EDGE)


def _is_name(part: str) -> bool:
    part = _CODE.sub("", part)
    if not part or len(part) > 12 or any(c.isdigit() for c in part) or _SPEECH.search(part):
        return False
    if part in gazetteer().provinces or part in gazetteer().places or part in gazetteer().short_cities:
        return False
    if _PLACE_WORD.search(part) and len(part) > 3:
        return False
    return is_masked(part) or not _PLACE_WORD.search(part[-1:]) or len(part) <= 3


# The hundred commonest surnames and the usual double ones: what a name glued to an address begins with.
_SURNAME = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木|南宫|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田"
    "董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]"
)
_TAIL_NAME = re.compile(
    rf"^(?P<place>.*(?:[号室栋楼座幢层村店]|单元|\d))(?P<name>(?:{_SURNAME})[\u4e00-\u9fff]{{1,2}}(?:先生|女士|小姐)?)$"
)


def _glued(part: str) -> tuple[str, str]:
    """``张三浙江省杭州市…`` and ``…文三路1号张三`` to name and address."""
    if not _begins_with_place(part):
        for at in range(2, min(6, len(part))):
            if _begins_with_place(part[at:]):
                return part[:at], part[at:]
        return "", part
    tail = _TAIL_NAME.match(part)
    if tail and not _PLACE_WORD.search(tail["name"]):
        return tail["name"], tail["place"]
    return "", part


def _begins_with_place(text: str) -> bool:
    places = gazetteer()
    return any(text[:n] in places.provinces or text[:n] in places.places for n in range(2, 9))
