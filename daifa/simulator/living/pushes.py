"""Pushes on their way: delivered in order and once on a good day; duplicated, late, reordered, lost or forged on a bad.

A message is an entity of the books; when it is due, it waits in ``ready`` until the server (or a test) carries it out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from daifa.kit.values import dataclass
from daifa.ports.books import Message
from daifa.ports.world import Outgoing

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

# (address, request, seconds) -> (status, body); status 0 = no answer.
type Sender = Callable[[str, Outgoing, float], Awaitable[tuple[int, bytes]]]
# A push leaves this long after what it tells of.
DELAY = 0.5
REORDER_DELAY = 20.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One HTTP request that is to be made."""

    company: str
    messages: tuple[Message, ...]
    target: str
    outgoing: Outgoing
    timeout: float


class Pushes:
    """Queues messages, bundles what is due, keeps account of the answers."""

    def __init__(self, world: Living) -> None:
        self._world = world
        self.ready: list[Message] = []

    def push(self, company: str, shop: str, topic: str, data: Any) -> Message:
        """A company has something to tell."""
        world = self._world
        message = Message(str(world.number("message", 7_300_000_000_000_001)), company, shop, topic, data, world.now())
        if not world.push_target(company):
            # Nobody listens: nothing is sent, so nothing is kept.
            message.state = "no_address"
            return message
        world.after(DELAY, "pushes", "due", message=message.id)
        world.books.add(message)
        return message

    def restore(self, planned: set[str]) -> None:
        """After a restart: what was waiting and lost its event is due again."""
        for message in self._world.books.messages():
            if message.state == "waiting" and message.id not in planned:
                self._world.after(1, "pushes", "due", message=message.id)

    def timer(self, name: str, data: dict[str, Any]) -> None:
        """A message is due: unless a fault has other plans, it goes out with the next flush."""
        message = self._world.books.message(data["message"])
        if message is None or message.state != "waiting":
            return
        company, faults = message.company, self._world.faults
        first = not message.marks and not message.attempts
        if first and faults.draw("push_missing", company, message.topic) is not None:
            message.state, message.marks = "swallowed", ["missing"]
            self._world.books.touch(message)
            return
        late = faults.draw("push_late", company, message.topic) if first else None
        if first and late is None and faults.draw("push_reorder", company, message.topic) is not None:
            late = REORDER_DELAY
        if late is not None:
            message.marks.append("late")
            self._world.books.touch(message)
            self._world.after(late, "pushes", "due", message=message.id)
            return
        self.ready.append(message)

    def take(self) -> list[Delivery]:
        """What goes out now, bundled as each company bundles."""
        ready, self.ready = self.ready, []
        found: list[Delivery] = []
        for key in dict.fromkeys(m.company for m in ready):
            mine = [m for m in ready if m.company == key]
            fake = self._world.fakes[key]
            for start in range(0, len(mine), fake.push_batch):
                found += self._deliveries(key, mine[start : start + fake.push_batch])
        return found

    def _deliveries(self, key: str, batch: list[Message]) -> list[Delivery]:
        faults, world, topic = self._world.faults, self._world, batch[0].topic
        twice = faults.draw("push_duplicate", key, topic) is not None
        forged = faults.draw("push_bad_sign", key, topic) is not None
        out = world.companies[key].outgoing(batch, forged=forged)
        one = Delivery(key, tuple(batch), world.push_target(key), out, world.fakes[key].push_timeout)
        if twice:
            for message in batch:
                message.marks.append("twice")
        return [one, one] if twice else [one]

    def answered(self, delivery: Delivery, status: int, body: bytes) -> None:
        """Acknowledged, or once more later."""
        world, fake = self._world, self._world.fakes[delivery.company]
        good = status > 0 and world.companies[delivery.company].accepted(status, body)
        for message in delivery.messages:
            if message.state != "waiting":
                continue
            message.attempts += 1
            message.last_answer = f"{status} {body[:80].decode('utf-8', 'replace')}" if status else "no answer"
            if good:
                message.state, message.acked_at = "acked", world.now()
            elif message.attempts > len(fake.push_retries):
                message.state = "given_up"
            else:
                world.after(fake.push_retries[message.attempts - 1], "pushes", "due", message=message.id)
            world.books.touch(message)

    async def flush(self, send: Sender) -> int:
        """Carry out everything that is ready; how many requests were made."""
        deliveries = self.take()
        for delivery in deliveries:
            status, body = await send(delivery.target, delivery.outgoing, delivery.timeout)
            self.answered(delivery, status, body)
            self._world.commit()
        return len(deliveries)
