"""Changing the company's settings, and what follows from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Body, Router

from daifa.areas.accounts.api.shapes import Done
from daifa.base.web import REFUSALS, May, actor_of
from daifa.flows import company_settings

router = Router(tags=["accounts"])


@router.put("/settings", response={200: Done, **REFUSALS}, auth=May("settings.edit"))
def put_settings(request: HttpRequest, body: Body[dict[str, Any]]) -> Done:
    """Change settings; what was judged by the old ones is judged anew."""
    company_settings.change(by=actor_of(request), values=body)
    return Done(message="设置已保存。")
