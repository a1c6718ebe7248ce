"""A company with a bit of everything in it, and ways to ask the whole API about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.apps import apps

from daifa.areas.accounts.services import applications, connections, shops
from daifa.areas.accounts.services.connections import Home
from daifa.areas.mailroom.services import calls, comparisons, inbox, outbox
from daifa.areas.mailroom.services.calls import Made
from daifa.areas.mailroom.services.comparisons import Compared
from daifa.areas.mailroom.services.inbox import Arrived
from daifa.areas.mailroom.services.outbox import Want
from daifa.base import bulk
from daifa.base.actor import SYSTEM
from daifa.base.pg.schema import is_tenant
from daifa.base.tenancy import tenant
from daifa.entry.commands.product import document
from daifa.kit import clock
from daifa.ports.transport import Granted
from tests.browser import Company
from tests.flows.test_reporting import made, shipped

SECRET = "keep-this-to-yourself-81"
# What must never be seen by others: the recipients of the made-up orders.
PERSON = ("王小明", "17012345678", "测试路 12 号", "欧阳若兰", "13987654321")


def busy_company() -> Company:
    """A company that has imported, dispatched, sent, received numbers, made a ship file, and opened a token."""
    company = Company()
    other = {"收件人": PERSON[3], "收件人手机号": PERSON[4]}
    shipped(company.number, {"主订单编号": number_of(company)}, {"主订单编号": f"68{company.number:017d}", **other})
    made(company.number)
    company.hire("viewer")
    company.owner.post("/tokens", {"name": "脚本", "scopes": ["orders.view"], "days": 9})
    company.owner.post("/blocklist", {"phone": "17099998888", "reason": "拒收三次"})
    days = {"starts_at": "2026-02-15T00:00:00+08:00", "ends_at": "2026-02-20T00:00:00+08:00"}
    company.owner.post("/exemptions", {**days, "source": f"春节{company.mark}"})
    _connected(company)
    return company


def _connected(company: Company) -> None:
    """A shop with an application, a pasted token, something arrived, called and still to be done outside."""
    with tenant(company.number):
        shop = next(s for s in shops.list_shops() if s.platform == "douyin")
        keys = applications.save(
            by=SYSTEM, platform="douyin", app_key=f"7{company.number:018d}", secrets={"app_secret": SECRET}, urls={}
        )
        granted = Granted(f"token-{SECRET}", f"again-{SECRET}", None, None, f"{company.number}")
        held = connections.connect(by=SYSTEM, application_id=keys.id, home=Home(shop.id), granted=granted)
        raw = orjson.dumps({"who": PERSON[0], "phone": PERSON[1]})
        inbox.store(held.id, "poll", [Arrived("orders", "orders:1:1:x", "1", raw)])
        comparisons.keep(
            clock.business_day(clock.now()), Compared(held.id, "ok", missing=["1"], left={"1": "?"}, strange=["2"])
        )
        outbox.want([Want(f"ship:{held.id}", "ship", held.id, held.id)])
        calls.record(
            Made(held.id, "douyin", "order.searchList", clock.now(), 12, "ok", sent=raw, got=raw + SECRET.encode())
        )  # fmt: skip


def number_of(company: Company) -> str:
    """The number of its first order."""
    return f"69{company.number:017d}"


def tables() -> list[str]:
    """Every tenant's table."""
    return sorted(m._meta.db_table for m in apps.get_models() if is_tenant(m))


def fingerprint(number: int) -> dict[str, str]:
    """A digest of everything a company has, by table."""
    with tenant(number):
        return {
            t: str(
                bulk.select(
                    f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY id), '')) FROM {t} AS t"
                    " WHERE t.tenant_id = {tenant}"
                )[0][0]
            )
            for t in tables()
        }


def ids(number: int) -> dict[str, UUID]:
    """One id of each table that has a row."""
    with tenant(number):
        found = {t: bulk.select(f"SELECT id FROM {t} WHERE tenant_id = {{tenant}} LIMIT 1") for t in tables()}
    return {t: rows[0][0] for t, rows in found.items() if rows}


# Which table an id in an address is of.
TABLE_OF: Mapping[str, str] = {
    "sku_id": "catalog_sku",
    "shop_id": "accounts_shop",
    "member_id": "accounts_member",
    "token_id": "accounts_apitoken",
    "alias_id": "accounts_shopalias",
    "import_id": "mailroom_import",
    "task_id": "mailroom_task",
    "file_id": "mailroom_storedfile",
    "template_id": "mailroom_mappingtemplate",
    "order_id": "orders_order",
    "rule_id": "orders_rule",
    "hold_id": "orders_hold",
    "supplier_id": "purchasing_supplier",
    "link_id": "purchasing_supplylink",
    "purchase_id": "purchasing_purchaseorder",
    "dispatch_id": "purchasing_dispatch",
    "amendment_id": "purchasing_amendment",
    "claim_id": "logistics_trackingclaim",
    "parcel_id": "logistics_parcel",
    "case_id": "support_case",
    "application_id": "accounts_application",
    "connection_id": "accounts_connection",
    "outbox_id": "mailroom_outbox",
    "exemption_id": "compliance_exemption",
    "blocked_id": "compliance_blocked",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API."""

    method: str
    path: str
    names: tuple[str, ...]
    body: Mapping[str, Any] | None

    @property
    def title(self) -> str:
        """As people say it."""
        return f"{self.method} {self.path}"

    def filled(self, known: Mapping[str, UUID]) -> str:
        """The address below /api with ids of ``known`` in it."""
        path = self.path.removeprefix("/api")
        for name in self.names:
            path = path.replace("{" + name + "}", str(value_of(name, known)))
        return path

    @property
    def has_ids(self) -> bool:
        """Whether it names a row of a company."""
        return any(n.endswith("_id") and n != "session_id" for n in self.names)


def value_of(name: str, known: Mapping[str, UUID]) -> object:
    """An id for a parameter: of the table it is about, else of any row at all."""
    if not name.endswith("_id"):
        return "x"
    return known.get(TABLE_OF.get(name, ""), known["orders_order"])


@lru_cache(maxsize=1)
def routes() -> tuple[Route, ...]:
    """Every operation of the API, with an example of its body."""
    spec = orjson.loads(document())
    return tuple(_routes(spec))


def _routes(spec: Mapping[str, Any]) -> Iterator[Route]:
    for path, operations in sorted(spec["paths"].items()):
        for method, operation in operations.items():
            names = tuple(p["name"] for p in operation.get("parameters", []) if p["in"] == "path")
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            yield Route(method.upper(), path, names, schema)


def body(schema: Mapping[str, Any] | None, known: Mapping[str, UUID]) -> object:
    """A body that the schema accepts, with ids of ``known`` wherever it asks for one."""
    return None if schema is None else _example(schema, known, "")


def _example(schema: Mapping[str, Any], known: Mapping[str, UUID], name: str) -> Any:
    if "$ref" in schema:
        return _example(_component(schema["$ref"]), known, name)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            real = [s for s in schema[choice] if s.get("type") != "null"]
            return _example(real[0], known, name)
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {key: _example(part, known, key) for key, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [_example(schema.get("items", {}), known, name.removesuffix("s"))]
    if kind == "string":
        return _text(schema, known, name)
    if kind in {"integer", "number"}:
        return int(schema.get("minimum", 1))
    return True if kind == "boolean" else "x"


def _text(schema: Mapping[str, Any], known: Mapping[str, UUID], name: str) -> str:
    kind = schema.get("format")
    if kind == "uuid":
        return str(value_of(name if name.endswith("_id") else f"{name}_id", known))
    return {"date": "2026-11-20", "date-time": "2026-11-20T10:00:00Z"}.get(kind or "", "x" * 8)


@lru_cache(maxsize=1)
def _components() -> Mapping[str, Any]:
    found: Mapping[str, Any] = orjson.loads(document())["components"]["schemas"]
    return found


def _component(reference: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _components()[reference.rsplit("/", maxsplit=1)[-1]]
    return found
