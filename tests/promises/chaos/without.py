"""Safeguards taken out one at a time, in the worker processes of one chaos run only: each must make the proof fail."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

# A blind run's shop tells nothing by itself and is read so often (real seconds): what changes meanwhile is known only
# to whoever looks again.
SELDOM = timedelta(seconds=float(os.environ.get("CHAOS_SELDOM", "200")))


def hurry() -> None:
    """A world that runs fast waits less long (``CHAOS_WAITS``), and so do we: for answers, after refusals, for the
    claims of the killed."""
    from daifa.areas.accounts.services import connections, limiter
    from daifa.areas.mailroom.services import outbox
    from daifa.flows import connect
    from daifa.ports.card import ApiTerms

    waits = float(os.environ.get("CHAOS_WAITS", "1"))
    if waits == 1:
        return
    patient = connect.terms_of

    def impatient(platform: str) -> ApiTerms:
        terms = patient(platform)
        return replace(terms, timeout=terms.timeout * waits)

    vars(connect)["terms_of"] = impatient
    held = limiter.hold
    vars(limiter)["hold"] = lambda key, seconds: held(key, seconds * waits)
    outbox.LOST_AFTER *= waits
    connections.FIRST_PAUSE *= waits
    connections.LONGEST_PAUSE *= waits


def take_out() -> None:
    """Take out what ``CHAOS_WITHOUT`` names; with ``CHAOS_BLIND`` shops are read seldom."""
    from daifa.areas.mailroom.services import outbox
    from daifa.areas.mailroom.types import OutboxItem
    from daifa.base.tenancy import tenant
    from daifa.flows import comparing, connect, outbox_run, rereading
    from daifa.flows.steps import buy
    from daifa.ports.card import ApiTerms

    if os.environ.get("CHAOS_BLIND"):
        seldom = connect.terms_of

        def read_seldom(platform: str) -> ApiTerms:
            terms = seldom(platform)
            return replace(terms, feeds={k: replace(f, every=SELDOM) for k, f in terms.feeds.items()})

        vars(connect)["terms_of"] = read_seldom
    wanted = os.environ.get("CHAOS_WITHOUT", "")
    if wanted == "reference":

        def place_again(tenant_id: int, item: OutboxItem) -> None:
            with tenant(tenant_id):
                outbox.settle(item.id, "ready", before=("unknown",), reason="", due_at=item.due_at)

        outbox_run.KINDS[buy.KIND] = replace(outbox_run.KINDS[buy.KIND], ask=place_again)
    elif wanted == "reread":

        def nothing(tenant_id: int, named: Sequence[tuple[UUID, str]], *, always: bool = False) -> int:
            del tenant_id, named, always
            return 0

        vars(rereading).update(orders=nothing, ages=lambda ids: {})
    elif wanted == "overlap":
        # Each night's comparison would bring back what was never read.
        vars(comparing)["keep_comparing"] = lambda: 0
        real = connect.terms_of

        def without_overlap(platform: str) -> ApiTerms:
            terms = real(platform)
            feeds = {k: replace(f, overlap=timedelta(0), lag=timedelta(0)) for k, f in terms.feeds.items()}
            return replace(terms, feeds=feeds)

        vars(connect)["terms_of"] = without_overlap
