"""The world's books against ours. Pure: every difference is a sentence that names what it is about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

LIVING = {"paid", "part_shipped", "shipped", "received", "unpaid"}
OVER = {"cancelled"}


# What may pass between a buyer's wish and our knowing it, real seconds: an order that was read so lately is not read
# again (30), and a slow company takes its time over the answer (20).
UNKNOWN_SECONDS = 60.0


def differences(world: Mapping[str, Any], ours: Mapping[str, Any], shop: str, speed: float = 1.0) -> list[str]:
    """Everything that is wrong after the week; empty when both books agree. ``speed``: of the world's clock."""
    orders = {o["number"]: o for o in world["orders"] if o["company"] == "douyin" and o["shop"] == shop}
    mine = {row[0]: row for row in ours["orders"]}
    found = [f"lost: order {n} was paid and we never saw it" for n in sorted(set(_paid(orders)) - set(mine))]
    found += _bought(world["supplies"], ours["placements"])
    found += _not_bought(orders, mine)
    found += _unpaid(world["supplies"], ours, mine)
    found += _spent_on_regret(world, ours, timedelta(seconds=UNKNOWN_SECONDS * speed))
    found += _told(orders, world["supplies"], world["parcels"], ours, mine)
    found += _refunds(orders, mine)
    found += [f"unknown outcome left: {row}" for row in ours["outbox"] if row[1] in {"unknown", "calling"}]
    found += [f"unread: {row}" for row in ours["inbox"] if row[1] == "new"]
    found += [f"parked: {row}" for row in ours["inbox"] if row[1] == "parked"]
    found += [f"broken: {name} {rows[:3]}" for name, rows in ours["broken"].items() if rows]
    return found


def _paid(orders: Mapping[str, Any]) -> list[str]:
    return [n for n, o in orders.items() if o["paid_at"]]


def _pieces(lines: Sequence[Mapping[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for x in lines:
        found[str(x["sku"])] += int(x["quantity"])
    return found


def _bought(supplies: Sequence[Mapping[str, Any]], placements: Sequence[Sequence[Any]]) -> list[str]:
    """Nothing twice, nothing that we do not know of, nothing that we only believe."""
    by_reference: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for s in supplies:
        by_reference[s["reference"]].append(s)
    known = {row[0]: row for row in placements}
    found = [f"stray: {s['number']} carries {r!r}, which is none of ours"
             for r, listed in by_reference.items() if r not in known for s in listed]  # fmt: skip
    for reference, (_, state, _, number, _, lines, mine) in known.items():
        living = [s for s in by_reference[reference] if s["phase"] in LIVING]
        wanted: Counter[str] = Counter()
        for _, code, qty, _ in lines or ():
            wanted[code] += qty
        have: Counter[str] = Counter()
        for s in living:
            have += _pieces(s["lines"])
        if twice := have - wanted:
            found.append(f"twice: {reference} ({number}) has {dict(twice)} too many in {[s['number'] for s in living]}")
        if living and state in {"refused", "closed"}:
            found.append(f"forgotten: {reference} stands at the supplier ({living[0]['number']}), we say {state}")
        if not living and state in {"placed", "shipped"}:
            found.append(f"believed: {reference} is {state} with us and nowhere at the supplier")
        there = {s["number"] for s in living}
        if missing := there - {e for e, _ in mine or ()}:
            found.append(f"unbound: {reference} is {sorted(missing)} at the supplier, which we do not name")
    return found


def _not_bought(orders: Mapping[str, Any], mine: Mapping[str, Sequence[Any]]) -> list[str]:
    """Each piece demanded is assigned, or the order says why it waits."""
    found = []
    for number, (_, state, refund, step, reason, holds, demanded, assigned, _) in mine.items():
        if number not in orders or state in OVER or refund == "full":
            continue
        waits = holds or step in {"hold", "match", "pay", "lines", "aftersale", "elsewhere", "done", "no_parcel"}
        waits = waits or (step == "dispatch" and "自动派单停下了" in reason)
        if demanded > assigned and not waits:
            found.append(f"not bought: {number} has {demanded - assigned} pieces open at {step}: {reason}")
    return found


def _unpaid(
    supplies: Sequence[Mapping[str, Any]], ours: Mapping[str, Any], mine: Mapping[str, Sequence[Any]]
) -> list[str]:
    """What stands at a supplier is paid, or somebody is told why not, or its buyer wants the money back."""
    waits = {row[2] for row in ours["outbox"] if row[1] in {"person", "held", "refused"}}
    of = {row[0]: {line[0] for line in row[5] or ()} for row in ours["placements"]}
    found = []
    for s in supplies:
        reference = s["reference"]
        if s["phase"] != "unpaid" or reference in waits or s["number"] in waits:
            continue
        rows = [mine[number] for number in of.get(reference, ()) if number in mine]
        if rows and all(row[1] in OVER or row[2] in {"full", "applied"} for row in rows):
            continue
        found.append(f"unpaid: {reference} stands at the supplier ({s['number']}) and nobody pays it")
    return found


def _spent_on_regret(world: Mapping[str, Any], ours: Mapping[str, Any], slack: timedelta) -> list[str]:
    """No money is spent for what its buyer had long wanted back: everything is read again before."""
    lines = {o["id"]: {x["number"] for x in o["lines"]} for o in world["orders"]}
    numbers = {o["id"]: o["number"] for o in world["orders"]}
    regretted = {
        numbers[c["order"]]: _at(c["created_at"])
        for c in world["cases"]
        if c["kind"] == "unshipped_refund" and c["phase"] in {"applied", "done"}
        and lines.get(c["order"]) == set(c["lines"])
    }  # fmt: skip
    of = {row[0]: {line[0] for line in row[5] or ()} for row in ours["placements"]}
    return [
        f"spent on regret: {s['number']} was paid {_at(s['paid_at']) - regretted[n]} after the buyer of {n} wanted out"
        for s in world["supplies"] if s["paid_at"]
        for n in of.get(s["reference"], ()) if n in regretted and _at(s["paid_at"]) - regretted[n] > slack
    ]  # fmt: skip


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _told(
    orders: Mapping[str, Any], supplies: Sequence[Mapping[str, Any]], parcels: Sequence[Mapping[str, Any]],
    ours: Mapping[str, Any], mine: Mapping[str, Sequence[Any]],
) -> list[str]:  # fmt: skip
    """What left a supplier is known to us and told to the shop, or somebody is told why not."""
    found = []
    gone = {p["number"] for p in parcels if p["replaced_by"] or p["recalled"]}
    known = set(ours["parcels"])
    reports: dict[str, dict[str, Sequence[Any]]] = defaultdict(dict)
    for row in ours["reports"]:
        reports[row[0]][row[1]] = row
    of = {row[0]: {line[0] for line in row[5] or ()} for row in ours["placements"]}
    for s in supplies:
        for number in s["parcels"] if s["phase"] != "closed" else ():
            if number in gone:
                continue
            if number not in known:
                found.append(f"unknown parcel: {number} of {s['reference']} left the supplier and we never noted it")
                continue
            for order in of.get(s["reference"], ()):
                found += _one(orders.get(order), mine.get(order), number, reports.get(order, {}).get(number))
    return found


def _one(
    order: Mapping[str, Any] | None, row: Sequence[Any] | None, number: str, report: Sequence[Any] | None
) -> list[str]:
    if order is None or row is None or report is None:
        return []
    if any(s["number"] == number for s in order["shipments"]):
        return []
    excused = row[1] in OVER or row[2] in {"full", "applied"} or order["phase"] in {"closed"}
    named = report[2] == "refused" and report[3]
    if excused or named:
        return []
    return [f"not told: {number} of {order['number']} is {report[2]} with us, the shop has none ({report[4]})"]


def _refunds(orders: Mapping[str, Any], mine: Mapping[str, Sequence[Any]]) -> list[str]:
    """What the buyer got back whole is known to us as whole."""
    found = []
    for number, order in orders.items():
        row = mine.get(number)
        whole = order["phase"] == "closed" and order["paid_at"]
        if row is not None and whole and row[1] not in OVER and row[2] != "full":
            found.append(f"refund unknown: {number} is closed there, {row[1]}/{row[2]} with us")
    return found
