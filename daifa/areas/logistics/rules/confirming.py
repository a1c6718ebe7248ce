"""Whether the platform's own export confirms what we told it."""

from __future__ import annotations

from collections.abc import Collection

from daifa.ports.shop import GONE

_TOLD = frozenset({"in_file", "calling", "uploaded", "refused"})


def platform_numbers(parcels: str) -> frozenset[str]:
    """The tracking numbers of an order's ``courier<TAB>number`` lines, as couriers write them."""
    found = (line.rpartition("\t")[2].strip().upper() for line in parcels.splitlines())
    return frozenset(n for n in found if n)


def is_confirmed(order_state: str, numbers: Collection[str], tracking_number: str, report_state: str) -> bool:
    """Whether a report is confirmed by an export that shows its order in ``order_state`` with these numbers.

    Where the platform shows numbers, ours must be among them. Where it shows none, a shipped order confirms all its
    reports, a partly shipped one those that a file told.
    """
    if order_state not in GONE and order_state != "part_shipped":
        return False
    if numbers:
        return tracking_number.upper() in numbers
    return order_state in GONE or report_state in _TOLD


def other_number(order_state: str, numbers: Collection[str], tracking_number: str) -> str:
    """What to tell a person when the platform ships the order under other numbers; '' when nothing is strange."""
    if order_state in GONE and numbers and tracking_number.upper() not in numbers:
        return f"平台上的单号是 {'、'.join(sorted(numbers))}，没有 {tracking_number}。请到平台后台核对"
    return ""
