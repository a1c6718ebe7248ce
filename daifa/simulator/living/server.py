"""One process, several local ports: each company at a root of its own, and the world's own door."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import uvicorn

from daifa.ports.world import Outgoing
from daifa.simulator.living.control import Control
from daifa.simulator.living.http import CompanyApp
from daifa.simulator.living.world import BATCH, Living

HOST = "127.0.0.1"
# The longest the loop sleeps: a request may have put something on the agenda meanwhile.
NAP = 0.1


class _Quiet(uvicorn.Server):
    """A server among several: signals are the business of the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WorldServer:
    """Everything that listens, and the loop that lets time happen."""

    def __init__(self, world: Living, base_port: int = 0) -> None:
        self.world = world
        self._base = base_port
        self._client: httpx.AsyncClient | None = None
        self._servers: list[_Quiet] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self.urls: dict[str, str] = {}
        self.control = Control(world, self.send, self.describe)
        self._stop = asyncio.Event()

    def describe(self) -> Mapping[str, Any]:
        """Every company with its addresses, secrets and shops."""
        found = {key: company.describe(self.urls[key]) for key, company in self.world.companies.items()}
        self.world.commit()
        return found

    async def start(self) -> None:
        """Listen on every port; returns when all do."""
        self._client = httpx.AsyncClient(trust_env=False)
        apps: list[tuple[str, Any]] = [("control", self.control.app())]
        apps += [(k, CompanyApp(self.world, k)) for k in self.world.fakes]
        for n, (key, app) in enumerate(apps):
            listening = self._listen(key, n)
            self.world.ports[key] = listening.getsockname()[1]
            self.urls[key] = f"http://{HOST}:{self.world.ports[key]}"
            config = uvicorn.Config(app, log_level="critical", lifespan="off", access_log=False, timeout_keep_alive=60)
            server = _Quiet(config)
            self._servers.append(server)
            self._keep(server.serve(sockets=[listening]))
        while not all(s.started for s in self._servers):
            await asyncio.sleep(0.01)

    def _listen(self, key: str, n: int) -> socket.socket:
        """The chosen port, else the one of last time (whoever was connected finds us again), else any."""
        wanted = [self._base + n] if self._base else [self.world.ports.get(key, 0), 0]
        for port in wanted:
            # With the protocol named, asyncio switches Nagle off: without it each answer waits 40 ms.
            listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind((HOST, port))
            except OSError:
                listening.close()
                if port == wanted[-1]:
                    raise
                continue
            return listening
        raise OSError("no port")

    def _keep(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def send(self, target: str, outgoing: Outgoing, timeout: float) -> tuple[int, bytes]:
        """Make one push; (0, b"") when nobody answered."""
        assert self._client is not None
        headers = {"content-type": outgoing.content_type, **outgoing.headers}
        try:
            answer = await self._client.post(target, content=outgoing.body, headers=headers, timeout=timeout)
        except (httpx.HTTPError, httpx.InvalidURL):
            return 0, b""
        return answer.status_code, answer.content

    async def run(self) -> None:
        """Let time happen until ``stop``."""
        world = self.world
        while not self._stop.is_set():
            busy = False
            if world.clock.speed > 0:
                async with self.control.turn:
                    busy = world._some(world.clock.seconds(), BATCH)
                    if busy:
                        world.commit()
                if world.pushes.ready:
                    self._keep(world.pushes.flush(self.send))
            nap = 0.0
            if not busy:
                at = world.agenda.next_at
                until = world.clock.wall_until(at) if at is not None else None
                nap = NAP if until is None else min(max(until, 0.001), NAP)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), nap) if nap else await asyncio.sleep(0)

    def stop(self) -> None:
        """End ``run``."""
        self._stop.set()

    async def close(self) -> None:
        """Stop the clock where followers can see it, stop listening, let the file go."""
        self.world.clock.set_speed(0)
        self.world.commit()
        for server in self._servers:
            server.should_exit = True
            server.force_exit = True
        pending = list(self._tasks)
        await asyncio.gather(*pending, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
        self.world.store.close()
