"""A world in this process, over real HTTP on loopback: its clock stands until a test moves it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from daifa.connectors import registry
from daifa.ports.world import ShopProfile
from daifa.simulator.door import Door
from daifa.simulator.living.server import WorldServer
from daifa.simulator.living.world import Living


class Running:
    """A world's server in a thread of its own."""

    def __init__(self, start: datetime, settings: dict[str, Any], shops: Sequence[ShopProfile] = ()) -> None:
        self.shops = shops
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(start, settings), daemon=True)
        self.thread.start()
        assert self.ready.wait(20), "the world did not start"

    def _run(self, start: datetime, settings: dict[str, Any]) -> None:
        asyncio.set_event_loop(self.loop)
        # Its store belongs to the thread that opened it.
        self.world = Living(registry.fakes().values(), start=start, speed=0, settings={"auto": False, **settings},
                            shops=self.shops)  # fmt: skip
        self.server = WorldServer(self.world)

        async def live() -> None:
            await self.server.start()
            self.ready.set()
            await self.server.run()
            await self.server.close()

        self.loop.run_until_complete(live())

    @property
    def door(self) -> Door:
        """The world's own door, with every company's addresses and secrets."""

        async def told() -> dict[str, Any]:
            described: dict[str, Any] = json.loads(json.dumps(self.server.describe(), default=str))
            return {"companies": described, "control": self.server.urls["control"]}

        return Door(asyncio.run_coroutine_threadsafe(told(), self.loop).result(20))

    def within[T](self, deed: Callable[[Living], T]) -> T:
        """Do something to the world in its own thread, as if it happened there."""

        async def done() -> T:
            found = deed(self.world)
            self.world.commit()
            return found

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(20)

    def stop(self) -> None:
        """End it."""
        self.loop.call_soon_threadsafe(self.server.stop)
        self.thread.join(20)


@contextmanager
def running(start: datetime, shops: Sequence[ShopProfile] = (), **settings: Any) -> Iterator[Running]:
    """A world that lives inside the block."""
    made = Running(start, settings, shops)
    try:
        yield made
    finally:
        made.stop()
