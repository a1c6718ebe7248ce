"""What a buyer's note or a seller's memo asks for, by intent; harmless words ask for nothing.

The text is personal: only the names of intents leave this module.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Intent(StrEnum):
    """What a note may ask for; the value is how it is said on screen."""

    HOLD = "暂不发货"
    CANCEL = "取消或退款"
    ADDRESS = "改地址或收件人"
    SPEC = "改规格、颜色或款式"
    QUANTITY = "改数量"
    COURIER = "指定或拒绝快递"
    DATE = "指定时间"
    CONTACT = "发货前联系"
    INVOICE = "开发票"
    GIFT = "送礼、贺卡或赠品"
    TOGETHER = "合并或分开发货"
    RESHIP = "补发或换货"
    DELIVERY = "派送方式"
    OTHER = "其他要求"


# Longer than any platform lets a buyer write; a pasted novel must not cost seconds.
_MOST = 2000
_COURIERS = "顺丰|顺风|京东快递|京东物流|中通|圆通|申通|韵达|极兔|邮政|EMS|ems|德邦|百世|菜鸟|丹鸟|丰网|sf|SF"
_DAY = (
    r"(?:今天|明天|后天|大后天|周[一二三四五六日天末]|星期[一二三四五六日天]|下周|月底|月初|下个?月|年[前后]"
    r"|节[前后]|元旦|春节|国庆|生日|\d{1,2}\s*[月./-]\s*\d{1,2}|\d{1,2}\s*[号日](?!楼|院|店|门|线|机))"
)
_WHAT = r"(?:颜色|色|规格|尺码|尺寸|码|款式?|型号|容量|图案|花色|口味|版本|大号|小号|中号)"
_N = r"[一二两三四五六七八九十\d]+"
_UNIT = r"(?:个|件|套|只|条|包|箱|双|份|盒|瓶|把)"
_NOT = r"(?:不用|不需要?|无需|不必|别|没有?)"
_BEG = r"(?:请|麻烦|务必|一定要?|帮忙?|帮我)*"

# Said and done, or said not to be wanted, or what every shop does anyway: none of it asks for anything.
_HARMLESS = re.compile(
    rf"(?:{_NOT}|不要)(?:开|要|寄)*(?:发票|票据)"
    rf"|{_NOT}(?:再)?(?:修?改|换|取消|联系|打电话|补发)(?:地址|颜色|规格|订单|了)*"
    r"|地址(?:不变|没变|无误|没问题|正确|已?核对|已?确认)(?:无误|过|了)?"
    r"|(?:不|没)(?:着|太)?急(?:用|的|发货)*"
    r"|已(?:经)?(?:回访|联系|核对|确认|沟通|回复|处理|解释|说明|安抚|好评|返现|备注|登记)[过了好]?(?:客户|买家)?"
    r"|(?:请|麻烦|希望|尽量|能|可以|亲|老板|掌柜|店家|辛苦|快点|早点|抓紧)*"
    r"(?:尽快|尽早|早点|快点|快些|赶快|赶紧|抓紧|马上|立刻|及时|加急|速|当天|今天(?:能不能|可以|能)?)"
    r"(?:给我)?(?:安排)?(?:发货?|寄出?|发出|安排|送|处理)(?:吗|嘛|么|谢谢|哦|呀|吧|啊)*"
    r"|尽快|尽早|早点|快点|赶快|赶紧|抓紧|加急|急用|急需|着急用|等着用|催发货?"
    rf"|{_BEG}(?:包装?|打包|包)(?:的|得|严实|结实|仔细|好|牢固|紧)+(?:一?点|一?些)?"
    rf"|{_BEG}(?:仔细|认真|好好)?检查(?:好|下|一下|仔细)*(?:质量|有没有(?:瑕疵|破损))?(?:再发)?"
    r"|(?:不要|别|请勿|拒绝)(?:给我)?发?(?:破损|有?瑕疵|次品|坏|旧|脏|二手)(?:的|品|货)*"
    rf"|{_BEG}(?:不要|别|勿)(?:再)?(?:发|搞|弄|寄)?(?:错|漏|少)(?:发|货|了|件)*"
    r"|希望(?:质量|东西|宝贝|商品|这次)?[^，。；,;]{0,4}(?:好|不错|满意|喜欢)"
)
_POLITE = re.compile(
    r"请问|麻烦(?:了|您了|你了)|谢谢[您你了啦亲]*|感谢|多谢|辛苦[了您你啦]*|拜托[了啦]*|请多关照"
    r"|别人|别的都?好|特别|区别|级别|不要钱"
)
# In this order; what one row has understood is not read by the next.
_TABLE: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        Intent.HOLD,
        re.compile(
            r"(?:暂时|暂且|暂|先|目前|现在)?(?:不要|不能?|别|勿|停止?|缓|暂停)(?:着急|急着|急|先|再|给)?"
            rf"(?:发货|发出|发(?!票|错|破|旧|坏|到|往|{_COURIERS}|[^，。；\s]{{0,4}}快递)|寄出?(?!到)|出货|采购)"
            r"|暂不|等(?:我|客户|买家)?(?:的)?(?:通知|消息|电话|确认|回复)|拦截|拦下|截单|扣(?:下|住)|锁单|挂起|压单|压一?下"
        ),
    ),
    (
        Intent.CANCEL,
        re.compile(
            r"取消|退款|退掉|退单|退货|不想?要了|拍错|买错|下错|重复(?:拍|下单|购买)|多拍|(?:这|此|该)单(?:不要|作废)|作废"
        ),
    ),
    (Intent.RESHIP, re.compile(r"上次[^，。；]{0,8}(?:少|漏|坏|错)|补(?:发|寄|件|货)|漏发|少发了|重(?:新)?发|换货")),
    (
        Intent.ADDRESS,
        re.compile(
            r"(?:改|换|修改|更改|变更|更正|填错|写错|错了?)(?:一下|下|个|成|为|收货|收件|新|的|了|到|送货)*"
            r"(?:地址|电话|手机|号码|收[货件]人|姓名|名字)"
            r"|(?:地址|电话|手机号?|号码|收[货件]人|姓名|名字)[^，。；,;]{0,6}(?:改|换|错|变更|更新|应该)[成为到]?"
            r"|新地址|(?:地址|收[货件]人)[:：是为]"
            r"|(?:(?:寄|发|送)(?:到|往|去)|(?:寄|发)给)(?!(?:家|我)?(?:门口|楼下|驿站|丰巢|快递柜|货))(?=[^\s，。,；;！!]{2})"
        ),
    ),
    (
        Intent.COURIER,
        re.compile(
            r"(?:发|走|用|寄|要|换|改|指定|加|补|只|别|勿|拒|不)[^，。；,;]{0,4}"
            rf"(?:{_COURIERS})(?:快递|速运|速递)?"
            rf"|(?:{_COURIERS})(?:快递|速运|速递|物流)?(?:到付|发货?|寄|的?不到|不送|不行|加价|勿发|别发)?"
            r"|指定快递|(?:什么|哪个|换个?|别的|其他)快递|快递[:：要换]|(?:不要|别|不)[^，。；,;]{0,4}快递(?!柜)|到付"
        ),
    ),
    (
        Intent.DELIVERY,
        re.compile(
            r"(?:放|送|投|存|寄|派)(?:到|至|在|去|货)*(?:家|我家)?[^，。；,;]{0,3}"
            r"(?:驿站|丰巢|快递柜|柜子|门口|楼下|门卫|保安|前台|物业|代收|上门|自提)|送货上门|上门安装"
            r"|(?:不要|别|勿)[^，。；,;]{0,4}(?:驿站|丰巢|柜|代收)|自提"
            r"|(?:到了|到货|送货前|派送前|派件前)[^，。；,;]{0,4}(?:电话|联系|通知)"
        ),
    ),
    (
        Intent.CONTACT,
        re.compile(
            r"(?:联系|通知|告诉|告知|打电话|来电|电话)(?:给)?(?:我|本人|客户|买家)?[^，。；,;]{0,4}(?:再|后)"
            r"|(?:发货|寄出?|发)(?:之)?(?:前|时)[^，。；,;]{0,6}(?:联系|电话|通知|告|说)"
            r"|(?:联系|致电)(?:我|本人|客户|买家)|加我?微信|保密(?:发货|包装)?"
        ),
    ),
    (
        Intent.DATE,
        re.compile(
            rf"{_DAY}[^，。；,;]{{0,6}}(?:前|后|再|左右|到|发|送|收|寄|用|要)货?"
            rf"|(?:晚|迟|过)(?:点|些|几天|两天|一?段时间|{_N}天)[^，。；,;]{{0,3}}(?:发|寄|送|到|再)?"
            rf"|(?:周末|工作日|节假日|上午|下午|晚上|中午)[^，。；,;]{{0,4}}(?:送|收|派|到|发)"
            rf"|定时|预约(?:送|派|发|时间)|{_N}天后"
        ),
    ),
    (Intent.INVOICE, re.compile(r"发票|开票|专票|普票|抬头|税号|收据|纳税")),
    (
        Intent.GIFT,
        re.compile(
            r"贺卡|卡片|留言卡|送礼|送人|送给|礼物|礼盒|礼品|赠品|小礼|小样|(?:送|附|赠|多给)(?:我)?一?[个点份些]|礼袋|手提袋"
            r"|(?:不要|别|勿|不)[^，。；,;]{0,4}(?:价格|小票|价签|吊牌|发货单|购物清单)|生日快乐|写上"
        ),
    ),
    (
        Intent.TOGETHER,
        re.compile(
            rf"合并|(?:{_N}|几)(?:个|单|份)?(?:订?单|包裹)?[^，。；,;]{{0,4}}一起|一起(?:发|寄|打包)|同一个?(?:包裹|快递)"
            r"|分开(?:发|寄|包)|拆开发|拼一?单"
        ),
    ),
    (
        Intent.QUANTITY,
        re.compile(rf"(?:多|少|加|再|只)(?:发|寄|要|来|拍|加)?\s*{_N}\s*{_UNIT}|数量(?:改|换|应|错|是|为)"),
    ),
    (
        Intent.SPEC,
        re.compile(
            rf"(?:换|改|更换|更改|调换|发|要|给|拿|配|选|挑|来)(?:成|为|一下|下|我|个|一?[个件条套]|的)*[^，。；,;\s]{{0,6}}?{_WHAT}"
            rf"|[红橙黄绿青蓝紫黑白灰粉棕金银米咖卡杏](?:色|的)|{_WHAT}[:：要是为改换选随]|随机|换[成为]|改[成为]|备用款"
            r"|(?<![A-Za-z0-9])\d?X{0,3}[SML](?![A-Za-z0-9])"
        ),
    ),
)
# A wish that no row of the table understands is still a wish.
_ASKS = re.compile(
    r"请|麻烦|务必|一定要|能不能|能否|可不可以|可以.{0,6}[吗么嘛]|帮我|帮忙|记得|要求|希望|不要|别|勿|只要|改|换|需要|必须|千万"
)
_NOISE = re.compile(r"[\s，。！？!?,.~～、…:：;；\-—_*（）()\[\]【】\"'“”‘’]+")


def intents(text: str) -> tuple[Intent, ...]:
    """What a text asks for, most urgent first; empty for an empty or harmless text."""
    said = text[:_MOST]
    if not normal(said):
        return ()
    said = _HARMLESS.sub("，", _POLITE.sub("，", said))
    if not normal(said):
        return ()
    found = []
    for intent, pattern in _TABLE:
        said, times = pattern.subn("，", said)
        if times:
            found.append(intent)
    if not found and _ASKS.search(said):
        return (Intent.OTHER,)
    return tuple(found)


def normal(text: str) -> str:
    """A text without blanks and punctuation, for telling whether it changed."""
    return _NOISE.sub("", text)
