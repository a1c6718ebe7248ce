"""Settings of the company: every key with its default, its meaning and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from daifa.areas.accounts.models import Preference, Setting
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.kit.errors import Invalid
from daifa.kit.money import format_yuan
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """One setting: default, Chinese label, unit, lowest and highest (for numbers), and the group it stands in."""

    default: object
    label: str
    unit: str = ""
    low: int = 0
    high: int = 10_000
    group: str = "其他"


_IMPORT, _ROUTE, _AUTO = "导入与异常", "派单", "接口下单"
_READ = "接口读取"
_AFTER, _PRIVACY = "发货之后", "隐私与保留"

KNOWN: Mapping[str, Known] = {
    "import_dropped": Known(
        True, "拖进来的订单、售后、收件人、单号文件，都认得出、没有疑问时直接导入（关闭则等人点“导入”）", group=_IMPORT
    ),
    "stale_export_hours": Known(6, "派单前，店铺导出文件超过几小时要提醒", "小时", 1, 720, _IMPORT),
    "duplicate_hours": Known(48, "同一收件人同样商品几小时内视为疑似重复", "小时", 0, 720, _IMPORT),
    "margin_floor_fen": Known(0, "毛利低于多少挂起", "分", -100_000, 100_000, _IMPORT),
    "unusual_times": Known(12, "金额或件数超过本店平时波动的多少倍要确认", "倍", 1, 100, _IMPORT),
    "unusual_orders": Known(
        30, "店铺近 30 天至少有多少单，才判断金额和件数是否反常（和最新的 1000 单比）", "单", 1, 1000, _IMPORT
    ),
    "deadline_near_hours": Known(4, "离发货截止多少小时内标为临近超时", "小时", 0, 72, _IMPORT),
    "single_supplier_extra_fen": Known(300, "同一供应商整单发货最多多花多少", "分", 0, 100_000, _ROUTE),
    "split_quantity": Known(False, "一家库存不够时，同一商品的件数拆给几家供应商", group=_ROUTE),
    "merge_recipients": Known(True, "同店同收件人的订单合成一张采购单", group=_ROUTE),
    "compare_hour": Known(3, "每天几点以后核对平台和我们的订单号", "点", 0, 23, _READ),
    "compare_days": Known(3, "核对最近几天的订单号", "天", 1, 30, _READ),
    "silent_minutes": Known(15, "授权多久没有一次成功要提醒", "分钟", 3, 1440, _READ),
    "token_days": Known(3, "不能自动续期的授权还剩几天要提醒", "天", 1, 30, _READ),
    "unknown_minutes": Known(10, "结果未知多久查不清要提醒", "分钟", 1, 1440, _AUTO),
    "cancel_window_minutes": Known(0, "自动下单前留几分钟可以撤回", "分钟", 0, 1440, _AUTO),
    "spend_day_fen": Known(5_000_000, "接口下单每天最多花多少", "分", 0, 1_000_000_000, _AUTO),
    "spend_supplier_day_fen": Known(2_000_000, "接口下单每家供应商每天最多花多少", "分", 0, 1_000_000_000, _AUTO),
    "cost_rise_fen": Known(50, "下单时比派单时贵多少以内不用问", "分", 0, 100_000, _AUTO),
    "repeat_after_not_found": Known(
        True, "下单没有应答、按我们的编号反复查都没有找到时，用同一编号自动再下一次（关闭则等人核对）", group=_AUTO
    ),
    "pay_automatically": Known(True, "下单后按免密协议自动付款", group=_AUTO),
    "keep_calls_days": Known(14, "接口调用和拉取记录保留天数", "天", 1, 365, _PRIVACY),
    "link_days": Known(3, "供应商链接有效天数", "天", 1, 60, _ROUTE),
    "upload_first_parcel": Known(
        False, "一单多个包裹时，第一个包裹有单号就上传（平台会把整单标成已发货）", group=_AFTER
    ),
    "supplier_silent_hours": Known(24, "供应商多久没有回应要提醒", "小时", 1, 240, _AFTER),
    "tracking_window_days": Known(90, "运单号重复检查的天数", "天", 1, 720, _AFTER),
    "upload_unconfirmed_hours": Known(12, "上传后多久未确认要提醒", "小时", 1, 240, _AFTER),
    "keep_sealed_days": Known(180, "订单关闭后隐私数据保留天数", "天", 7, 3650, _PRIVACY),
    "keep_file_days": Known(180, "导入原文件、接口收到的原文保留天数", "天", 7, 3650, _PRIVACY),
    "openings_per_hour": Known(60, "每人每小时最多打开隐私信息", "次", 1, 2000, _PRIVACY),
}


def get_all() -> dict[str, object]:
    """Every setting, stored or default."""
    stored = dict(Setting.objects.values_list("key", "value"))
    return {key: stored.get(key, known.default) for key, known in KNOWN.items()}


def number(key: str) -> int:
    """One numeric setting."""
    row = Setting.objects.filter(key=key).first()
    return int(cast("int", KNOWN[key].default if row is None else row.value))


def change(*, by: Actor, values: Mapping[str, object]) -> dict[str, object]:
    """Store settings. Raises Invalid for an unknown key or a value out of bounds."""
    before = get_all()
    for key, value in values.items():
        known = KNOWN.get(key)
        if known is None:
            raise Invalid("unknown_setting", f"没有“{key}”这个设置。")
        _check(key, known, value)
        Setting.objects.update_or_create(key=key, defaults={"value": value})
    data: dict[str, object] = {k: [before[k], v] for k, v in values.items() if before[k] != v}
    if data:
        named = "、".join(f"“{KNOWN[k].label}”" for k in data)
        audit.record(by, "settings.change", f"修改设置：{named}", kind="setting", data=data)
    return get_all()


def _check(key: str, known: Known, value: object) -> None:
    right_kind = type(value) is type(known.default)
    if not right_kind:
        raise Invalid("bad_setting", f"“{known.label}”的值不对。", fields={key: "值不对"})
    if isinstance(value, int) and not isinstance(value, bool) and not known.low <= value <= known.high:
        bounds = f"要在 {_said(known.low, known)} 到 {_said(known.high, known)}之间"
        raise Invalid("bad_setting", f"“{known.label}”{bounds}。", fields={key: bounds})


def _said(number: int, known: Known) -> str:
    return format_yuan(number) if known.unit == "分" else f"{number} {known.unit}"


def preference(by: Actor, key: str) -> object:
    """How this member likes a screen; None when never said."""
    row = Preference.objects.filter(member_id=by.member_id, key=key).first() if by.member_id else None
    return row.value if row else None


def prefer(by: Actor, key: str, value: object) -> None:
    """Remember how this member likes a screen; None forgets it."""
    if value is None:
        Preference.objects.filter(member_id=by.member_id, key=key).delete()
    elif by.member_id:
        Preference.objects.update_or_create(member_id=by.member_id, key=key, defaults={"value": value})


def note(key: str, value: object) -> None:
    """A note of the product to itself (``note:`` before the key), such as when it last looked at everything."""
    Setting.objects.update_or_create(key=f"note:{key}", defaults={"value": value})


def noted(key: str) -> object:
    """What was noted; None when nothing was."""
    return Setting.objects.filter(key=f"note:{key}").values_list("value", flat=True).first()
