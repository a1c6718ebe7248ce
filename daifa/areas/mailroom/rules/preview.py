"""The JSON of an import before (and after) it happens, and of the fields a column can map to."""

from __future__ import annotations

from collections.abc import Sequence

from daifa.areas.mailroom.rules.states import choices_of
from daifa.ports.card import Card
from daifa.ports.sheet import ImportKind, Parsed, RowError, SheetGuess
from daifa.ports.sheet_fields import FIELDS, fields_of
from daifa.ports.shop import ShopOrder

type Json = dict[str, object]
FIRST_ROWS = 5


def preview_json(
    guess: SheetGuess,
    parsed: Parsed | None,
    *,
    new: int | None = None,
    updated: int | None = None,
    unchanged: int | None = None,
    card: Card | None = None,
) -> Json:
    """One file's JSON as ``daifa import`` prints it. ``new``/``updated``/``unchanged`` are None until written.

    ``parsed`` None: columns are still asked for what is required, so that no row was read. Nothing of it is personal
    but ``columns[].samples`` and error values; the caller masks them where it must.
    """
    parsed = parsed or Parsed()
    totals = parsed.totals
    return {
        "file": guess.file,
        "kind": guess.kind.value if guess.kind else None,
        "platform": guess.platform or None,
        "sheet": guess.sheet,
        "header_row": guess.header_row,
        "label": guess.label,
        "badge": card.badge if card else None,
        "shop_hint": guess.shop_hint or None,
        "verdict": guess.verdict,
        "ready": guess.ready,
        "template": guess.template or None,
        "notes": list(guess.notes),
        "columns": [
            {
                "column": c.column,
                "index": c.index,
                "field": c.field,
                "label": FIELDS[c.field].label if c.field else None,
                "confidence": round(c.confidence, 2),
                "word": c.word if c.field else None,
                "asked": c.asked,
                "samples": list(c.samples),
                "why": c.why,
            }
            for c in sorted(guess.columns, key=lambda c: (not c.asked, c.index))
        ],
        "rows": parsed.rows,
        "orders": len(parsed.orders),
        "lines": parsed.lines,
        "refunds": len(parsed.refunds),
        "records": len(parsed.records),
        "new": new,
        "updated": updated,
        "unchanged": unchanged,
        "rejected": rejected(parsed),
        "errors": [error_json(e) for e in parsed.errors],
        "words": _words(guess, parsed),
        "dropped": [{"row": row, "reason": why} for row, why in parsed.dropped],
        "as_of": _iso(parsed.as_of or guess.as_of),
        "as_of_asked": _needs_as_of(guess, parsed),
        "from": _iso(parsed.first_at),
        "to": _iso(parsed.last_at),
        "totals": {
            "amount_fen": totals.amount_fen,
            "paid_fen": totals.paid_fen,
            "receivable_fen": totals.receivable_fen,
            "refunded_fen": totals.refunded_fen,
        },
    }


def _words(guess: SheetGuess, parsed: Parsed) -> list[Json]:
    """Status words nobody knew, and those a person has said the meaning of."""
    asked: list[tuple[str, str, int, str]] = [(of, word, n, "") for of, word, n in parsed.unknown_words]
    told = [(of, word, 0, key) for (of, word), key in guess.words.items()]
    return [
        {
            "key": f"{of}:{word}",
            "field": FIELDS[of].label,
            "word": word,
            "rows": n,
            "meaning": meaning,
            "choices": [{"key": key, "label": label} for key, (label, _) in choices_of(of).items()],
        }
        for of, word, n, meaning in (*asked, *told)
    ]


def _needs_as_of(guess: SheetGuess, parsed: Parsed) -> bool:
    """Nothing in name, title or rows tells how old an order or refund file is: the person is asked (data.md §4)."""
    aged = guess.kind in (ImportKind.ORDERS, ImportKind.REFUNDS)
    return aged and parsed.rows > 0 and parsed.as_of is None and guess.as_of is None


def rejected(parsed: Parsed) -> int:
    """Rows that do not enter: those in error, and those held back with them."""
    return len({e.row for e in parsed.errors} | {row for row, _ in parsed.held_back})


def error_json(error: RowError) -> Json:
    """One row error."""
    return {
        "row": error.row,
        "column": error.column,
        "value": error.value,
        "reason": error.reason,
        "fix": error.fix,
    }


def _iso(at: object) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if hasattr(at, "isoformat") else None


def understood(orders: Sequence[ShopOrder], limit: int = FIRST_ROWS) -> list[Json]:
    """The first orders as we understood them, for the preview (no recipient but its state and region)."""
    return [
        {
            "order": o.external_id,
            "state": o.state.value,
            "waits": [w.value for w in o.waits],
            "paid_fen": o.paid_fen,
            "receivable_fen": o.receivable_fen,
            "ship_by": _iso(o.ship_by),
            "recipient": o.recipient.state.value,
            "region": " ".join(p for p in (o.recipient.province, o.recipient.city, o.recipient.district) if p),
            "lines": [
                {"title": x.title, "spec": x.spec, "code": x.merchant_code, "quantity": x.quantity, "gift": x.is_gift}
                for x in o.lines
            ],
            "rows": list(o.rows),
        }
        for o in orders[:limit]
    ]


def fields_json(kind: ImportKind | None = None) -> list[Json]:
    """Every field a column can map to, with label, type and meaning (``daifa fields --json``)."""
    chosen = fields_of(kind) if kind else tuple(FIELDS.values())
    return [
        {
            "field": f.key,
            "label": f.label,
            "type": f.type.value,
            "meaning": f.meaning,
            "kinds": sorted(k.value for k in f.kinds),
            "adds_up": f.adds_up,
        }
        for f in chosen
    ]
