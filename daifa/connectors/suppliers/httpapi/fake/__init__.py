"""The reference server of the supplier protocol in the simulator's world, speaking for one of its suppliers."""

from daifa.connectors.suppliers.httpapi.fake.company import HttpSupplier
from daifa.ports.world import Fake

SWITCHES = {
    # Which of the world's suppliers it speaks for.
    "seller": "S10",
    # Requests a second of the world; 0: no limit.
    "calls_per_second": 0,
}

FAKE = Fake(
    "httpapi", "通用接口供应商", "supplier", HttpSupplier, switches=SWITCHES, push_batch=1,
    push_retries=(10, 60, 300, 1800, 7200), push_timeout=10.0,
)  # fmt: skip
