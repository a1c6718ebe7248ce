"""Starting the database if nobody has, and finding the company a command is for."""

from __future__ import annotations

import argparse
import atexit
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from daifa.areas.accounts.services import people, shops
from daifa.base.actor import SYSTEM, Actor
from daifa.base.tenancy import tenant
from daifa.entry import serve
from daifa.kit.errors import Invalid, NotFound

CLI = Actor(key="cli", name="命令行", permissions=SYSTEM.permissions, via="cli")

_NOBODY = "还没有公司，请先运行 ./start，或用 daifa init 新建。"


def need_installation() -> None:
    """Have something to work on; whoever is refused leaves the place as it was. Raises NotFound."""
    if not serve.is_installed():
        raise NotFound("no_company", _NOBODY)


def with_database(*, makes: bool = False) -> None:
    """Have the database up and migrated; stop it at the end if this command started it.

    ``makes``: the command makes an installation where there is none; any other is refused there. Raises NotFound.
    """
    if not makes:
        need_installation()
    if serve.start_database():
        atexit.register(serve.release_database)
    serve.migrate()


def company_number(arguments: argparse.Namespace) -> int:
    """The tenant that ``--company`` names, or the only one. Raises Invalid, NotFound."""
    found = people.list_companies()
    if not arguments.company:
        if len(found) == 1:
            return found[0][0]
        if not found:
            raise NotFound("no_company", _NOBODY)
        raise Invalid("which_company", f"有多家公司，请用 --company 指定：{'、'.join(n for _, n in found)}。")
    for number, name in found:
        if arguments.company in (name, str(number)):
            return number
    raise NotFound("no_such_company", f"没有“{arguments.company}”这家公司。")


def shop_names() -> dict[UUID, str]:
    """Every shop's name. Call inside the company."""
    return {s.id: s.name for s in shops.list_shops()}


def id_of(known: Mapping[UUID, str], name: str, what: str) -> str:
    """The id of a name ("" asks nothing). Raises NotFound."""
    found = next((str(i) for i, known_name in known.items() if known_name == name), "")
    if name and not found:
        raise NotFound("no_such_name", f"没有“{name}”这个{what}。")
    return found


@contextmanager
def company(arguments: argparse.Namespace) -> Iterator[int]:
    """One transaction inside the command's company, with the database up."""
    with_database()
    number = company_number(arguments)
    with tenant(number):
        yield number
