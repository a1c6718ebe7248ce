"""Douyin's open platform as its public documents describe it, for the simulator. What they leave open is a switch."""

from daifa.connectors.shops.douyin.fake.company import Douyin
from daifa.connectors.shops.douyin.fake.switches import SWITCHES
from daifa.ports.world import Fake

FAKE = Fake(
    key="douyin",
    name="抖店",
    kind="shop",
    make=Douyin,
    switches=SWITCHES,
    push_batch=50,
    push_retries=(10, 30, 120, 600, 1800, 3600, 10800),
    push_timeout=5.0,
    live=True,
    presale=True,
)
