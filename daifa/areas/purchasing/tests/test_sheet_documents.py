"""Sheet forms as stored documents: what is none is refused by name."""

from __future__ import annotations

import pytest

from daifa.areas.purchasing.rules.sheet_documents import sheet_form_of
from daifa.areas.purchasing.rules.sheet_rendering import DEFAULT
from daifa.kit.errors import Invalid


def test_documents_refuse_what_is_none() -> None:
    assert sheet_form_of({}) is DEFAULT
    documents: tuple[dict[str, object], ...] = (
        {"columns": []},
        {"columns": [{"header": "x", "value": "nonsense"}]},
        {"columns": 3},
        {"grain": "?"},
    )
    for bad in documents:
        with pytest.raises(Invalid):
            sheet_form_of(bad)
