"""Safeguards taken out one at a time, in the worker processes of one chaos run only: each must make the proof fail."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID


def take_out() -> None:
    """Take out what ``CHAOS_WITHOUT`` names."""
    from daifa.areas.mailroom.services import outbox
    from daifa.areas.mailroom.types import OutboxItem
    from daifa.base.tenancy import tenant
    from daifa.flows import connect, outbox_run, rereading
    from daifa.flows.steps import buy

    wanted = os.environ.get("CHAOS_WITHOUT", "")
    if wanted == "reference":

        def place_again(tenant_id: int, item: OutboxItem) -> None:
            with tenant(tenant_id):
                outbox.settle(item.id, "ready", before=("unknown",), reason="", due_at=item.due_at)

        outbox_run.KINDS[buy.KIND] = replace(outbox_run.KINDS[buy.KIND], ask=place_again)
    elif wanted == "reread":

        def nothing(tenant_id: int, named: Sequence[tuple[UUID, str]], *, always: bool = False) -> None:
            del tenant_id, named, always

        vars(rereading).update(orders=nothing, ages=lambda ids: {})
    elif wanted == "overlap":
        real = connect.terms_of

        def without_overlap(platform: str) -> object:
            terms = real(platform)
            feeds = {k: replace(f, overlap=timedelta(0), lag=timedelta(0)) for k, f in terms.feeds.items()}
            return replace(terms, feeds=feeds)

        vars(connect)["terms_of"] = without_overlap
