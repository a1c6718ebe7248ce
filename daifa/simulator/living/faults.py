"""Faults: what goes wrong on demand or by the seed's chance, the same for every company.

HTTP faults are carried out by ``http.py``, push faults by ``pushes.py``; a company words what is its own (rate limit,
expired token) in ``Company.trouble``; the rest (clock skew, quota gone) a company asks for with ``World.fault``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from daifa.simulator.living.world import Living

# Name: (in Chinese, default seconds).
NAMES: Mapping[str, tuple[str, float]] = {
    "slow": ("应答很慢", 12),
    "timeout_before": ("超时，未办理", 20),
    "timeout_after": ("超时，其实已办理", 20),
    "http_5xx": ("网关 5xx，未办理", 0),
    "http_5xx_after": ("网关 5xx，其实已办理", 0),
    "half_body": ("应答只有一半", 0),
    "html": ("返回网页而不是 JSON", 0),
    "rate_limit": ("限流", 0),
    "unavailable": ("服务不可用（平台错误码）", 0),
    "token_expired": ("授权过期", 0),
    "token_revoked": ("授权被收回", 0),
    "clock_skew": ("网关时钟偏差", 1800),
    "decrypt_quota": ("解密额度用尽", 0),
    "order_busy": ("订单正被占用", 0),
    "part_failed": ("批量调用里有一项失败", 0),
    "pages_shift": ("翻页时有新订单插入", 0),
    "company_down": ("平台整体宕机", 3600),
    "push_duplicate": ("消息重复", 0),
    "push_late": ("消息迟到", 600),
    "push_reorder": ("消息乱序", 0),
    "push_missing": ("消息丢失", 0),
    "push_bad_sign": ("消息签名错误", 0),
}
# Of these the seconds are real ones, whatever the speed of the world.
_WAITS = frozenset({"slow", "timeout_before", "timeout_after"})
# What a random world does by itself at intensity 1.
_RANDOM = {
    "slow": 0.01, "timeout_before": 0.004, "timeout_after": 0.004, "http_5xx": 0.006, "http_5xx_after": 0.003,
    "half_body": 0.003, "html": 0.003, "rate_limit": 0.01, "unavailable": 0.005, "pages_shift": 0.02,
    "push_duplicate": 0.03, "push_late": 0.03, "push_reorder": 0.03, "push_missing": 0.02, "push_bad_sign": 0.005,
}  # fmt: skip


@dataclass(slots=True)
class Fault:
    """One fault that is switched on. ``count`` None: until switched off; ``until``: moment of the world (Unix)."""

    id: int
    name: str
    company: str = "*"
    method: str = "*"
    count: int | None = None
    probability: float = 1.0
    seconds: float = 0.0
    until: float | None = None
    hits: int = 0


class Faults:
    """The switchboard; it is part of the world that survives a kill."""

    def __init__(self, world: Living, kept: Mapping[str, Any] | None = None) -> None:
        self._world = world
        kept = kept or {}
        self.active = [Fault(**f) for f in kept.get("active", [])]
        self.random = float(kept.get("random", 0.0))
        # Random waits are so many times as long: a world that runs fast has no time for those of life.
        self.waits = float(kept.get("waits", 1.0))
        self._draws = int(kept.get("draws", 0))

    def kept(self) -> dict[str, Any]:
        """What must survive."""
        active = [asdict(f) for f in self.active]
        return {"active": active, "random": self.random, "waits": self.waits, "draws": self._draws}

    def add(self, name: str, **how: Any) -> Fault:
        """Switch a fault on. Raises KeyError for an unknown name."""
        seconds = how.pop("seconds", None)
        fault = Fault(self._world.number("fault"), name, **how)
        fault.seconds = NAMES[name][1] if seconds is None else float(seconds)
        if name == "company_down" and fault.until is None:
            fault.until = self._world.clock.seconds() + fault.seconds
        self.active.append(fault)
        self._world.note(f"故障打开：{NAMES[name][0]} {fault.company} {fault.method}")
        return fault

    def remove(self, number: int | None = None, name: str = "") -> None:
        """Switch one off, or all of a name, or all."""
        self.active = [f for f in self.active if not (number in (None, f.id) and name in ("", f.name))]

    def draw(self, name: str, company: str, method: str = "*") -> float | None:
        """Whether the fault strikes now, and its seconds. A strike is counted."""
        self._expire()
        for fault in self.active:
            if fault.name != name or not fnmatchcase(company, fault.company) or not fnmatchcase(method, fault.method):
                continue
            if fault.probability < 1 and self._luck() >= fault.probability:
                continue
            fault.hits += 1
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    self.active.remove(fault)
            return fault.seconds
        chance = _RANDOM.get(name, 0) * self.random
        if not chance or self._luck() >= chance:
            return None
        return NAMES[name][1] * (self.waits if name in _WAITS else 1)

    def _luck(self) -> float:
        self._draws += 1
        return self._world.rng("fault", self._draws).random()

    def _expire(self) -> None:
        now = self._world.clock.seconds()
        if any(f.until is not None and f.until <= now for f in self.active):
            self.active = [f for f in self.active if f.until is None or f.until > now]
