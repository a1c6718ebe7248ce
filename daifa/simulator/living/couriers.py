"""Couriers: they collect, move, deliver; some parcels stall, are lost, are refused and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daifa.ports.books import Parcel, Receiver, Scan, ScanKind
from daifa.ports.world import What

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

HOUR = 3600
_TEXT = {
    ScanKind.COLLECTED: "快件已揽收",
    ScanKind.MOVED: "快件已到达转运中心",
    ScanKind.DELIVERING: "快件派送中",
    ScanKind.SIGNED: "快件已签收",
    ScanKind.REFUSED: "收件人拒收",
    ScanKind.RETURNING: "快件退回中",
    ScanKind.RETURNED: "退件已签收",
    ScanKind.LOST: "快件疑似遗失，正在核查",
}


class Couriers:
    """The verbs of parcels, and what each parcel does next."""

    def __init__(self, world: Living) -> None:
        self._world = world

    def post(self, courier: str, number: str, sender: str, receiver: Receiver | None, contents: dict[str, int],
             **extra: Any) -> Parcel:  # fmt: skip
        """A labelled box that waits for the courier. ``extra`` stays with the parcel."""
        world = self._world
        parcel = Parcel(number, courier, number, sender, world.now(), receiver, contents, extra=dict(extra))
        world.books.add(parcel)
        rng = world.rng("parcel", number)
        if sender == "foreign" and world.settings["foreign_numbers"] == "dead":
            return parcel
        world.after(rng.uniform(1, 7) * HOUR, "couriers", "collect", parcel=number)
        return parcel

    def recall(self, parcel: Parcel) -> None:
        """The sender cancelled the label."""
        parcel.recalled = True
        self._world.books.touch(parcel)

    def timer(self, name: str, data: dict[str, Any]) -> None:
        """A parcel's next step."""
        parcel = self._world.books.parcel(data["parcel"])
        if parcel is None or parcel.recalled or parcel.last in (ScanKind.SIGNED, ScanKind.RETURNED, ScanKind.LOST):
            return
        rng = self._world.rng("parcel", parcel.number, len(parcel.scans))
        chances = self._world.settings
        if name == "collect":
            self._scan(parcel, ScanKind.COLLECTED, "始发网点", rng.uniform(8, 20), "move")
        elif name == "move":
            luck = rng.random()
            if luck < chances["lose"]:
                self._scan(parcel, ScanKind.LOST, "转运中心", None, "")
            elif luck < chances["lose"] + chances["stall"]:
                self._scan(parcel, ScanKind.MOVED, "转运中心", rng.uniform(72, 140), "deliver")
            else:
                again = rng.random() < 0.5
                self._scan(parcel, ScanKind.MOVED, "转运中心", rng.uniform(8, 24), "move" if again else "deliver")
        elif name == "deliver":
            self._scan(parcel, ScanKind.DELIVERING, "末端网点", rng.uniform(2, 8), "arrive")
        elif name == "arrive":
            if rng.random() < chances["refuse"] or parcel.extra.get("refused"):
                self._scan(parcel, ScanKind.REFUSED, "末端网点", 20, "return")
            else:
                self._scan(parcel, ScanKind.SIGNED, "末端网点", None, "")
        elif name == "return":
            done = parcel.last is ScanKind.RETURNING
            kind = ScanKind.RETURNED if done else ScanKind.RETURNING
            self._scan(parcel, kind, "转运中心", None if done else 48, "return")

    def _scan(self, parcel: Parcel, kind: ScanKind, place: str, hours: float | None, then: str) -> None:
        parcel.scans.append(Scan(self._world.now(), kind, place, _TEXT[kind]))
        self._world.books.touch(parcel)
        if hours is not None:
            self._world.after(hours * HOUR, "couriers", then, parcel=parcel.number)
        self._world.tell(What.PARCEL_SCANNED, parcel)
