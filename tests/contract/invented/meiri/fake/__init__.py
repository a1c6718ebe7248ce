"""Meiri's open platform for the simulator."""

from daifa.ports.world import Fake

from .company import Meiri

FAKE = Fake(key="meiri", name="每日优选", kind="shop", make=Meiri)
