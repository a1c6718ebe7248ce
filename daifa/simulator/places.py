"""Where the demo's buyers live: real districts, invented roads, names and phone numbers.

Districts are public facts (Ministry of Civil Affairs' place names); everything below the district, the people and
their phones are made up. Phone numbers use 154, a prefix that no operator sells to the public.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from daifa.kit.values import dataclass

# Province: city: districts. A municipality's city is its own name, as platforms write it.
_DISTRICTS = """
北京市:北京市:朝阳区 海淀区 丰台区 通州区|上海市:上海市:浦东新区 徐汇区 静安区 闵行区|天津市:天津市:和平区 西青区
重庆市:重庆市:渝中区 涪陵区 万州区|江苏省:南京市:玄武区 秦淮区 建邺区|江苏省:苏州市:姑苏区 吴江区
江苏省:无锡市:锡山区 滨湖区|江苏省:徐州市:云龙区|浙江省:杭州市:西湖区 拱墅区 余杭区|浙江省:宁波市:海曙区 江北区
浙江省:温州市:鹿城区 瓯海区|浙江省:嘉兴市:南湖区|广东省:广州市:天河区 越秀区 海珠区|广东省:深圳市:福田区 南山区 宝安区
广东省:佛山市:禅城区 顺德区|广东省:珠海市:香洲区|山东省:济南市:历下区 市中区|山东省:青岛市:市南区 黄岛区
山东省:临沂市:兰山区 河东区|河南省:郑州市:中原区 二七区 金水区|河南省:洛阳市:西工区|四川省:成都市:锦江区 武侯区 郫都区
四川省:绵阳市:涪城区|湖北省:武汉市:江岸区 武昌区 洪山区|湖北省:宜昌市:西陵区|湖南省:长沙市:岳麓区 雨花区 望城区
福建省:福州市:鼓楼区 台江区|福建省:厦门市:思明区 湖里区|安徽省:合肥市:蜀山区 庐阳区|江西省:南昌市:东湖区 红谷滩区
河北省:石家庄市:长安区 裕华区|河北省:唐山市:路北区|辽宁省:沈阳市:和平区 沈河区|辽宁省:大连市:中山区 沙河口区
黑龙江省:哈尔滨市:南岗区 道里区|吉林省:长春市:南关区|陕西省:西安市:碑林区 雁塔区|山西省:太原市:小店区 迎泽区
广西壮族自治区:南宁市:青秀区|云南省:昆明市:五华区 官渡区|贵州省:贵阳市:云岩区
"""
# Far places, ordered from now and then: some suppliers do not go there.
_FAR = """
新疆维吾尔自治区:乌鲁木齐市:天山区 沙依巴克区|西藏自治区:拉萨市:城关区|青海省:西宁市:城西区
内蒙古自治区:呼和浩特市:新城区|甘肃省:兰州市:城关区|海南省:海口市:龙华区
"""
# Old name -> today's, as buyers still write them (announced changes of 2010 to 2021).
RENAMED = (
    ("浙江省", "杭州市", "下城区", "拱墅区"),
    ("上海市", "上海市", "闸北区", "静安区"),
    ("四川省", "成都市", "郫县", "郫都区"),
    ("湖南省", "长沙市", "望城县", "望城区"),
    ("江苏省", "苏州市", "吴江市", "吴江区"),
)
_ROADS_TEXT = """
锦绣 春晖 望湖 和谐 兴业 东升 文昌 翠竹 金桂 学府 云杉 白鹭 青枫 丰泽 南苑 临江 长宁 新华 育才 康乐
"""
_ESTATES_TEXT = """
阳光花园 书香雅苑 金色家园 翡翠湾 梧桐里 江畔名邸 幸福里 万和城 碧桂苑 紫荆公馆 绿洲新城 文景苑
"""
_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁于蒋蔡余杜叶程苏魏吕丁"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅建国志文宇欣怡子涵雨轩梓晨佳琪浩然思远若溪"
_ROADS, _ESTATES = _ROADS_TEXT.split(), _ESTATES_TEXT.split()


@dataclass(frozen=True, slots=True)
class Person:
    """Who receives; ``province``/``city``/``district`` as the platform's columns say it, ``detail`` the rest."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    street: str
    detail: str

    @property
    def full_address(self) -> str:
        """Everything in one text, blanks between the parts as Taobao writes it."""
        city = "" if self.city == self.province else f" {self.city}"
        parts = [f"{self.province}{city}", self.district, self.street, self.detail]
        return " ".join(p for p in parts if p)

    @property
    def joined_address(self) -> str:
        """The same without blanks, as JD writes it."""
        return self.full_address.replace(" ", "")


def _parse(text: str) -> tuple[tuple[str, str, str], ...]:
    found = []
    for entry in text.replace("\n", "|").split("|"):
        if entry.strip():
            province, city, districts = entry.strip().split(":")
            found += [(province, city, d) for d in districts.split()]
    return tuple(found)


DISTRICTS = _parse(_DISTRICTS)
FAR = _parse(_FAR)


def person_name(rng: Random) -> str:
    """A family name and one or two characters."""
    given = rng.choice(_GIVEN) + (rng.choice(_GIVEN) if rng.random() < 0.65 else "")
    return rng.choice(_FAMILY) + given


def phone(rng: Random) -> str:
    """Eleven digits in the shape of a mobile number, with a prefix nobody has."""
    return f"154{rng.randrange(10**8):08d}"


def detail(rng: Random) -> str:
    """Road, house number, estate, building and room; roads and estates are invented."""
    road, estate = rng.choice(_ROADS), rng.choice(_ESTATES)
    room = rng.randrange(1, 28) * 100 + rng.randrange(1, 5)
    return f"{road}路{rng.randrange(1, 900)}号{estate}{rng.randrange(1, 25)}栋{rng.randrange(1, 4)}单元{room}室"


def person(rng: Random, *, far: float = 0.02) -> Person:
    """A new recipient; with the chance ``far`` in a far province."""
    province, city, district = rng.choice(FAR if rng.random() < far else DISTRICTS)
    street = f"{rng.choice(_ROADS)}街道" if rng.random() < 0.6 else ""
    return Person(person_name(rng), phone(rng), province, city, district, street, detail(rng))


def in_renamed_district(rng: Random, which: int) -> Person:
    """A recipient who still writes a district's old name."""
    province, city, old, _ = RENAMED[which % len(RENAMED)]
    return replace(person(rng, far=0), province=province, city=city, district=old, street="")
