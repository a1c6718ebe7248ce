"""Key rotation: everything moves to the new key while people work; interrupted, it goes on; nothing is lost."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.apps import apps
from django.db.models import BinaryField

from daifa.areas.compliance.services import blocklist
from daifa.areas.mailroom.models import StoredFile
from daifa.areas.mailroom.services import files as stored_files
from daifa.areas.orders.services import editing
from daifa.areas.purchasing.services import links, suppliers
from daifa.base import blobs, bulk, vault
from daifa.base.actor import SYSTEM
from daifa.base.pg.schema import is_tenant
from daifa.base.tenancy import tenant
from daifa.flows import intake, rotation
from daifa.kit.errors import Conflict
from daifa.reads import screening_facts
from tests.browser import Browser, Company
from tests.fences.world import PERSON, busy_company, ids
from tests.flows import files
from tests.flows.day import bring

SEALED = [
    (m._meta.db_table, str(f.column))
    for m in apps.get_models()
    if m.__module__.startswith("daifa.") and is_tenant(m)
    for f in m._meta.local_fields
    if isinstance(f, BinaryField) and not f.name.endswith("_hash")
]


def _on_old_keys(number: int) -> dict[str, int]:
    """How many values of a company hang on older keys, by column."""
    with tenant(number):
        found = {
            f"{table}.{column}": int(
                bulk.select(
                    f"SELECT count(*) FROM {table} WHERE tenant_id = {{tenant}} AND length({column}) > 0"
                    f" AND substring({column} from 1 for 2) <> %s",
                    (vault.key_mark(),),
                )[0][0]
            )
            for table, column in SEALED
        }
        found["blobs"] = sum(blobs.needs_reseal(d) for d in blobs.stored())
        found["persons"] = int(
            bulk.select(
                "SELECT count(*) FROM orders_orderperson WHERE tenant_id = {tenant} AND key_id <> %s",
                (vault.current_key(),),
            )[0][0]
        )
    return {name: n for name, n in found.items() if n}


def _full() -> tuple[Company, UUID, UUID]:
    """A busy company with everything that can be sealed; its first order and supplier."""
    company = busy_company()
    known = ids(company.number)
    supplier = known["purchasing_supplier"]
    with tenant(company.number):
        suppliers.set_contact(by=SYSTEM, supplier_id=supplier, phone="13712345678")
        links.make(by=SYSTEM, supplier_id=supplier, days=3)
        blocklist.block(by=SYSTEM, reason="拒收三次", phone=PERSON[1])
        intake.receive(by=SYSTEM, name="锁着.csv", data=files.douyin({"主订单编号": "7"}), password="geheim")
    company.owner.post("/tracking/text", {"text": "没有这个人 尾号0000 中通 73999999999999"})
    company.owner.post("/shops", {"platform": "pdd", "name": "一店"}, key="remember me")
    return company, known["orders_order"], supplier


def _found_by_phone(company: Company, phone: str) -> list[str]:
    token = company.owner.post("/orders/person", {"text": phone})["token"]
    return [row["number"] for row in company.owner.get(f"/orders?person={token}")["items"]]


def _blocked(company: Company) -> int:
    with tenant(company.number):
        orders = [i for (i,) in bulk.select("SELECT id FROM orders_order WHERE tenant_id = {tenant}")]
        return len({r[0] for r in bulk.select(screening_facts.BLOCKED, (orders,))})


@pytest.fixture(autouse=True)
def _calm(transactional_db: None) -> None:
    """No rotation is under way from another test."""
    if vault.is_rotating():
        rotation.rotate()


def test_everything_moves_and_opens_as_before(tenant_number: int) -> None:
    company, order, supplier = _full()
    with tenant(company.number):
        before = editing.opened(order)
        link = links.live(supplier)
        contents = {f.id: stored_files.content(f.id) for f in StoredFile.objects.all()}
    found, shop = _found_by_phone(company, PERSON[1]), company.owner.get("/shops")
    assert len(found) == 1
    assert _blocked(company) == 1
    old = vault.current_key()

    done = rotation.rotate()

    assert done.key > old
    assert old in done.retired
    assert _on_old_keys(company.number) == {}
    assert {"收件人", "供应商", "文件", "文件密码", "黑名单", "回单疑问", "接口应答"} <= {
        k for k, n in done.counts.items() if n
    }
    with tenant(company.number):
        assert editing.opened(order) == before
        assert links.live(supplier) == link
        assert suppliers.contact(supplier)["phone"] == "13712345678"
        assert {f.id: stored_files.content(f.id) for f in StoredFile.objects.all()} == contents
    assert _found_by_phone(company, PERSON[1]) == found
    assert _blocked(company) == 1
    again = company.owner.post("/shops", {"platform": "pdd", "name": "一店"}, key="remember me")
    assert again["id"] in {s["id"] for s in shop}
    Browser().sign_in(company.owner_login)


def test_an_interrupted_rotation_goes_on_and_nothing_is_missed_in_between(tenant_number: int) -> None:
    company, _, _ = _full()

    class Killed(Exception):
        """The process ends here."""

    for stop in ("动态码", "黑名单", "收件人", "文件"):

        def dies(kind: str, _done: int, stop: str = stop) -> None:
            if kind == stop:
                raise Killed

        try:
            rotation.rotate(dies)
        except Killed:
            assert vault.is_rotating()
        # People go on working with half of it moved.
        assert len(_found_by_phone(company, PERSON[1])) == 1
        assert _blocked(company) == 1
    with tenant(company.number):
        shop = bulk.select("SELECT id FROM accounts_shop WHERE tenant_id = {tenant} AND platform = 'douyin'")[0][0]
    number = f"5{company.number:018d}"
    bring(company.number, "新订单.csv", files.douyin({"主订单编号": number}), shop=shop)
    rotation.rotate()
    assert not vault.is_rotating()
    assert _on_old_keys(company.number) == {}
    assert number in _found_by_phone(company, PERSON[1])


def test_a_retired_key_still_opens_what_an_old_backup_holds(in_tenant: int) -> None:
    blob = vault.seal("旧的".encode(), "x")
    number = vault.add_key()
    vault.retire_old_keys()
    assert vault.current_key() == number
    assert vault.key_of(blob) != number
    assert vault.unseal(blob, "x").decode() == "旧的"


def test_a_lasting_mark_outlives_the_rotation_a_search_hash_does_not(in_tenant: int) -> None:
    lasting, searched = vault.lasting_hash("a", "b"), vault.search_hash("a", "b")
    vault.add_key()
    assert searched in vault.search_hashes("a", "b")
    assert vault.search_hash("a", "b") != searched
    vault.retire_old_keys()
    assert searched not in vault.search_hashes("a", "b")
    assert vault.lasting_hash("a", "b") == lasting


def test_keys_of_the_environment_are_rotated_there(tenant_number: int, settings: object) -> None:
    one, two = "1:" + "A" * 43 + "=", "2:" + "B" * 43 + "="
    settings.DAIFA_KEYS = one  # type: ignore[attr-defined]  # pytest-django's settings
    vault.forget_keys()
    try:
        with pytest.raises(Conflict, match="DAIFA_KEYS"):
            rotation.rotate()
        settings.DAIFA_KEYS = f"{two},{one}"  # type: ignore[attr-defined]  # pytest-django's settings
        with tenant(tenant_number):
            assert vault.key_of(vault.seal(b"x", "y")) == 2
            assert len(vault.search_hashes("a", "b")) == 2
    finally:
        settings.DAIFA_KEYS = ""  # type: ignore[attr-defined]  # pytest-django's settings
        vault.forget_keys()
