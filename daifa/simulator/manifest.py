"""What the demo's files are and what must be found in them: the ground truth, as values and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, field
from pathlib import Path
from typing import Any

from daifa.kit.values import dataclass

VERSION = 1


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file, in the order of import within its group; ``path`` is relative to the manifest.

    ``kind`` is what it is about: orders, refunds, recipients, goods, suppliers, prices, links, tracking, ship_template
    or dispatch_sample. ``part`` of an orders file: ``whole``, ``orders`` (its lines are in another file), ``lines``
    (nothing but lines) or ``parcels``. ``totals`` are fen over the file's distinct orders, None = not said in the file.
    ``receivable_fen`` beside it is what the merchant really gets, also where the file is silent.
    """

    path: str
    kind: str
    platform: str = ""
    shop: str = ""
    supplier: str = ""
    part: str = "whole"
    password: str = ""
    at: str = ""
    rows: int = 0
    orders: int = 0
    lines: int = 0
    totals: Mapping[str, int | None] = field(default_factory=dict)
    receivable_fen: int = 0
    recipients: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShopEntry:
    """A shop and how its recipients reach us: file, masked, absent or factory (see ``listings.Shop``)."""

    platform: str
    name: str
    external_id: str
    recipients: str


@dataclass(frozen=True, slots=True)
class SupplierEntry:
    """A supplier; ``sample`` is the path of its sample dispatch sheet, '' for the one that only uses the link."""

    code: str
    name: str
    channel: str
    temper: str
    layout: str
    freight_fen: int
    lead_hours: int
    not_served: tuple[str, ...]
    sample: str


@dataclass(frozen=True, slots=True)
class MappingEntry:
    """What one listing SKU really is: (our SKU, quantity) pairs per piece sold; none = 不发货.

    ``confirmed``: a past user said so; the others are new links that a person must match.
    """

    platform: str
    shop: str
    item_no: str
    sku_no: str
    title: str
    spec: str
    merchant_code: str
    kind: str
    confirmed: bool
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Day:
    """Some days' files: one export per shop of everything paid from ``first`` to ``last``, made at ``at``."""

    first: str
    last: str
    at: str
    files: tuple[FileEntry, ...]
    orders: int


@dataclass(frozen=True, slots=True)
class TodayEntry:
    """The files that wait for the new user. ``holds``: kind -> order numbers, each order has one reason.

    ``clean``: how many orders must pass without a person, and ``demand`` what they need (our SKU -> pieces).
    ``recipients``: states after the second files were joined. ``unpaid`` and ``no_ship`` orders buy nothing.
    """

    at: str
    files: tuple[FileEntry, ...]
    orders: int
    clean: int
    holds: Mapping[str, tuple[str, ...]]
    renamed_districts: tuple[str, ...]
    unpaid: tuple[str, ...]
    no_ship: tuple[str, ...]
    demand: Mapping[str, int]
    recipients: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Blocked:
    """One entry of the company's blocklist."""

    name: str
    phone: str
    reason: str


@dataclass(frozen=True, slots=True)
class DemoManifest:
    """Everything of one demo, in the order in which it is replayed: set-up, samples, history, days, today."""

    company: str
    seed: int
    today: str
    shops: tuple[ShopEntry, ...]
    suppliers: tuple[SupplierEntry, ...]
    blocklist: tuple[Blocked, ...]
    mappings: tuple[MappingEntry, ...]
    setup: tuple[FileEntry, ...]
    samples: tuple[FileEntry, ...]
    templates: tuple[FileEntry, ...]
    history: tuple[Day, ...]
    days: tuple[Day, ...]
    waiting: TodayEntry
    version: int = VERSION

    def as_json(self) -> str:
        """The manifest as text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def read_manifest(path: Path) -> DemoManifest:
    """A manifest that was written before. Raises ValueError for another version."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    if raw.get("version") != VERSION:
        raise ValueError(f"manifest version {raw.get('version')}")
    waiting = raw.pop("waiting")
    waiting |= {
        "files": _files(waiting["files"]),
        "holds": {k: tuple(v) for k, v in waiting["holds"].items()},
        **{k: tuple(waiting[k]) for k in ("renamed_districts", "unpaid", "no_ship")},
    }
    return DemoManifest(
        shops=tuple(ShopEntry(**s) for s in raw.pop("shops")),
        suppliers=tuple(SupplierEntry(**{**s, "not_served": tuple(s["not_served"])}) for s in raw.pop("suppliers")),
        blocklist=tuple(Blocked(**b) for b in raw.pop("blocklist")),
        mappings=tuple(
            MappingEntry(**{**m, "parts": tuple((code, n) for code, n in m["parts"])}) for m in raw.pop("mappings")
        ),
        setup=_files(raw.pop("setup")),
        samples=_files(raw.pop("samples")),
        templates=_files(raw.pop("templates")),
        history=_days(raw.pop("history")),
        days=_days(raw.pop("days")),
        waiting=TodayEntry(**waiting),
        **raw,
    )


def _files(raw: list[dict[str, Any]]) -> tuple[FileEntry, ...]:
    return tuple(FileEntry(**f) for f in raw)


def _days(raw: list[dict[str, Any]]) -> tuple[Day, ...]:
    return tuple(Day(**{**d, "files": _files(d["files"])}) for d in raw)
