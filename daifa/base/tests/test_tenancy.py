"""No tenant sees another: Python refuses, row security refuses, composite keys refuse."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from daifa.areas.accounts.models import Shop, ShopAlias
from daifa.base import audit, bulk, vault
from daifa.base.actor import SYSTEM
from daifa.base.models import AuditEntry
from daifa.base.tenancy import NoTenant, tenant
from daifa.kit import clock
from daifa.kit.ids import uuid7
from tests.guard import ForgotTenant, check


def _shop(name: str = "一店") -> Shop:
    return Shop.objects.create(platform="douyin", name=name)


def test_outside_a_tenant_nothing_can_be_asked(tenant_number: int) -> None:
    with pytest.raises(NoTenant):
        Shop.objects.count()


def test_a_tenant_inside_another_is_refused(tenant_number: int) -> None:
    with tenant(tenant_number), pytest.raises(NoTenant), tenant(tenant_number + 500_000):
        pass


def test_row_security_hides_and_refuses_other_tenants(tenant_number: int) -> None:
    with tenant(tenant_number):
        shop = _shop()
    with tenant(tenant_number + 500_000):
        assert bulk.select("SELECT count(*) FROM accounts_shop WHERE tenant_id = {tenant}") == [(0,)]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM accounts_shop WHERE tenant_id = {tenant_number}")
            assert cursor.fetchone() == (0,)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Shop.objects.create(tenant_id=tenant_number, platform="douyin", name="别人的")
        assert not Shop.objects.filter(id=shop.id).exists()


def test_a_key_into_another_tenant_is_refused(tenant_number: int) -> None:
    with tenant(tenant_number):
        shop = _shop()
    with tenant(tenant_number + 500_000), pytest.raises(IntegrityError, match="tenant_fk"), transaction.atomic():
        ShopAlias.objects.create(shop_id=shop.id, platform="douyin", alias="x")


def test_the_audit_log_cannot_be_rewritten(in_tenant: int) -> None:
    audit.record(SYSTEM, "test", "试一下")
    for deed in (AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(summary="改")):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            deed()
    assert AuditEntry.objects.count() == 1


def test_bulk_writes_many_and_says_which(in_tenant: int) -> None:
    ids = [uuid7() for _ in range(3)]
    columns = (
        "id", "created_at", "platform", "name", "external_id", "recipient_path", "dial", "active", "settings",
        "version",
    )  # fmt: skip
    rows = [(i, clock.now(), "pdd", f"店{n}", "", "file", "manual", True, {"n": n}, 1) for n, i in enumerate(ids)]

    written = bulk.insert(Shop, columns, rows, on_conflict="(tenant_id, platform, name) DO NOTHING")
    assert {w[0] for w in written} == set(ids)
    again = bulk.insert(Shop, columns, rows, on_conflict="(tenant_id, platform, name) DO NOTHING")
    assert again == []
    hit = bulk.update(Shop, ("dial",), [(ids[0], "suggest"), (ids[1], "suggest")], where="t.name = '店0'")
    assert hit == [(ids[0],)]
    assert Shop.objects.get(id=ids[0]).settings == {"n": 0}


def test_sealed_values_open_only_in_their_tenant_and_purpose(tenant_number: int) -> None:
    with tenant(tenant_number):
        blob = vault.seal("张三 13800000000".encode(), "person")
        assert "张三".encode() not in blob
        assert vault.unseal(blob, "person").decode() == "张三 13800000000"
        with pytest.raises(vault.CannotOpen):
            vault.unseal(blob, "note")
        mine = vault.search_hash("phone", "13800000000")
    with tenant(tenant_number + 500_000):
        with pytest.raises(vault.CannotOpen):
            vault.unseal(blob, "person")
        assert vault.search_hash("phone", "13800000000") != mine


GOOD = [
    "SELECT 1 FROM accounts_shop WHERE tenant_id = 3",
    "SELECT 1 FROM accounts_shop s JOIN accounts_shopalias a ON a.tenant_id = s.tenant_id WHERE s.tenant_id = 3",
    "UPDATE accounts_shop AS t SET name = 'a' FROM (SELECT 1 AS c0) AS v WHERE t.tenant_id = 1",
    "DELETE FROM accounts_shop WHERE (tenant_id, id) IN ((1, 'x'), (1, 'y'))",
    "SELECT 1 FROM accounts_shop s WHERE s.tenant_id = 1 AND EXISTS"
    " (SELECT 1 FROM accounts_shopalias a WHERE a.tenant_id = s.tenant_id)",
    "WITH x AS (SELECT id FROM accounts_shop WHERE tenant_id = 1) SELECT * FROM x",
    "INSERT INTO accounts_shop (tenant_id, name) SELECT 1, v.c0 FROM unnest($1) AS v(c0)",
]
BAD = [
    "SELECT 1 FROM accounts_shop",
    "SELECT 1 FROM accounts_shop s, accounts_shopalias a WHERE s.tenant_id = 1",
    "SELECT 1 FROM accounts_shop WHERE tenant_id = 1 OR name = 'a'",
    "SELECT 1 FROM accounts_shop WHERE NOT tenant_id = 1",
    "UPDATE accounts_shop SET name = 'a'",
    "DELETE FROM accounts_shop WHERE id = 'x'",
    "INSERT INTO accounts_shop (name) VALUES ('a')",
    "SELECT 1 FROM accounts_shop WHERE tenant_id = 1 UNION SELECT 1 FROM accounts_shopalias",
    "SELECT 1 FROM accounts_shop s WHERE s.tenant_id = 1"
    " AND EXISTS (SELECT 1 FROM accounts_shopalias a WHERE a.alias = '1')",
]


@pytest.mark.parametrize("sql", GOOD)
def test_the_guard_passes_what_names_its_tenant(sql: str) -> None:
    assert check(sql) == ""


@pytest.mark.parametrize("sql", BAD)
def test_the_guard_refuses_what_forgets(sql: str) -> None:
    assert check(sql) != ""


def test_the_guard_is_in_force(in_tenant: int) -> None:
    with pytest.raises(ForgotTenant), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM accounts_shop")
