"""The life cycles of logistics as tables: parcels, reports to the shops, ship files, claims."""

from __future__ import annotations

from daifa.kit.states import LifeCycle

PARCEL = LifeCycle(
    name="包裹",
    start="announced",
    table={
        "announced": ("collected", "in_transit", "out_for_delivery", "delivered", "lost", "void"),
        "collected": ("in_transit", "out_for_delivery", "delivered", "refused", "returned", "lost"),
        "in_transit": ("out_for_delivery", "delivered", "refused", "returned", "lost"),
        "out_for_delivery": ("in_transit", "delivered", "refused", "returned", "lost"),
        # Signed is not final: "signed, then refused" happens within days.
        "delivered": ("refused", "returned"),
        "refused": ("delivered", "returned", "lost"),
        "returned": (),
        # A lost parcel may be found by any scan.
        "lost": ("in_transit", "out_for_delivery", "delivered", "returned"),
        "void": (),
    },
    labels={
        "announced": "待揽收",
        "collected": "已揽收",
        "in_transit": "运输中",
        "out_for_delivery": "派送中",
        "delivered": "已签收",
        "refused": "拒收",
        "returned": "已退回",
        "lost": "丢失",
        "void": "作废",
    },
)

REPORT = LifeCycle(
    name="发货回传",
    start="waiting",
    table={
        "waiting": ("in_file", "calling", "confirmed", "void"),
        # Being told by API: until the answer is known it stands in no file.
        "calling": ("uploaded", "confirmed", "refused", "waiting", "void"),
        "in_file": ("uploaded", "confirmed", "refused", "waiting", "void"),
        # Back to the file: somebody pressed 已上传 too early.
        "uploaded": ("confirmed", "refused", "void", "in_file"),
        "refused": ("waiting", "confirmed", "void"),
        # A person's word that it need not go may be taken back.
        "confirmed": ("waiting",),
        "void": (),
    },
    labels={
        "waiting": "待上传",
        "in_file": "已生成文件",
        "calling": "正在上传",
        "uploaded": "已上传，待平台确认",
        "confirmed": "平台已确认",
        "refused": "平台未通过",
        "void": "作废",
    },
)

SHIP_FILE = LifeCycle(
    name="发货文件",
    start="ready",
    table={
        "ready": ("downloaded", "void"),
        "downloaded": ("uploaded", "confirmed", "void"),
        "uploaded": ("confirmed", "downloaded"),
        "confirmed": (),
        "void": (),
    },
    labels={
        "ready": "待下载",
        "downloaded": "已下载",
        "uploaded": "已上传",
        "confirmed": "平台已确认",
        "void": "作废",
    },
)

CLAIM = LifeCycle(
    name="回单",
    start="doubtful",
    table={
        "doubtful": ("accepted", "dismissed", "unusable"),
        "unusable": ("accepted", "dismissed"),
        "accepted": (),
        "dismissed": ("doubtful",),
    },
    labels={"doubtful": "请看一下", "unusable": "不能用", "accepted": "已采用", "dismissed": "已忽略"},
)

ALL = (PARCEL, REPORT, SHIP_FILE, CLAIM)
