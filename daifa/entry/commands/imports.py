"""`daifa import FILE…` and `daifa fields`: files into records, without a browser."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.mailroom.rules.preview import error_json, fields_json
from daifa.areas.mailroom.services import files, imports
from daifa.areas.mailroom.types import ImportView
from daifa.base.tenancy import tenant
from daifa.connectors import registry
from daifa.entry.commands.output import as_json, say, show
from daifa.entry.commands.scope import CLI, company_number, with_database
from daifa.flows import import_run, intake, reading, undo
from daifa.flows.reading import Said
from daifa.kit.clock import BEIJING
from daifa.kit.errors import AppError, Conflict, Invalid, NotFound
from daifa.kit.tabular import read_file
from daifa.kit.trouble import trouble
from daifa.ports.card import ConnectorKind
from daifa.ports.sheet import ImportKind, RowError

type Json = dict[str, Any]

KINDS = [k.value for k in ImportKind]
# What is larger than this is not empty, whatever its rows say.
_SMALL = 64_000
_NEW_SHOP = "新店铺用 --new-shop 平台:名称。"
_COUNTS = ("new", "updated", "unchanged", "rejected")


def add_to(verbs: Any) -> None:
    """Register the commands."""
    command = verbs.add_parser("import", help="导入文件：订单、商品、供应商、报价、供货关系、收件人、售后")
    command.add_argument("files", nargs="+", metavar="文件")
    command.add_argument("--kind", choices=KINDS, default="", help="文件类型（不写时自动识别）")
    shop = command.add_mutually_exclusive_group()
    shop.add_argument("--shop", default="", help="文件属于哪个店铺（已有店铺的名称）")
    shop.add_argument("--new-shop", default="", metavar="平台:名称", help="文件属于一个新店铺，先建立它")
    command.add_argument("--supplier", default="", help="报价文件里没有供应商列时，是哪个供应商的报价")
    command.add_argument("--password", default="", help="文件的打开密码")
    command.add_argument(
        "--map", dest="maps", action="append", default=[], metavar="列=字段",
        help="这一列是什么（可重复；字段见 daifa fields；“列=”表示原样保留）",
    )  # fmt: skip
    command.add_argument("--header-row", type=int, default=0, metavar="行", help="表头在第几行（从 1 数起）")
    command.add_argument("--as-of", default="", metavar="时间", help="文件是什么时候导出的，例如 2026-11-20T10:00")
    command.add_argument("--template", default="", metavar="名称", help="记住这些列，以后同样表头的文件照此读")
    command.add_argument("--take-out", action="store_true", help="中途取消（Ctrl-C）时，把已经导入的新订单拿出来")
    command.add_argument("--preview", action="store_true", help="只看识别结果，什么都不写入，不需要数据库和店铺")
    command.set_defaults(run=_import)
    back = verbs.add_parser("undo-import", help="撤销一次订单导入：新增而没有后续的订单拿出来，更新过的不动")
    back.add_argument("import_id", metavar="导入号", type=UUID, help="导入结果里的 import")
    back.set_defaults(run=_undo)
    fields = verbs.add_parser("fields", help="列可以对应的全部字段")
    fields.add_argument("--kind", choices=KINDS, default="")
    fields.set_defaults(run=_fields)


def _fields(arguments: argparse.Namespace) -> int:
    rows = fields_json(ImportKind(arguments.kind) if arguments.kind else None)
    show(arguments, rows, {"field": "字段", "label": "名称", "type": "类型", "meaning": "含义"})
    return 0


def _import(arguments: argparse.Namespace) -> int:
    given = [(Path(name), _bytes(Path(name))) for name in arguments.files]
    empty = {path: why for path, data in given if (why := _why_empty(path.name, data))}
    if len(empty) < len(given):
        # One file without anything in it stops none of the others; alone it is refused with its reason below.
        given = [(path, data) for path, data in given if path not in empty]
    else:
        empty = {}
    documents = _preview(arguments, given) if arguments.preview else _record(arguments, given)
    documents += [_nothing_in(path.name, why) for path, why in empty.items()]
    if arguments.json:
        as_json(documents)
    else:
        for document in documents:
            _tell(document)
    return 1 if any(d.get("state") == "failed" for d in documents) else 0


def _why_empty(name: str, data: bytes) -> str:
    """Why there is nothing in this file; "" where there is something, or where only reading all of it would tell."""
    if len(data) > _SMALL:
        return ""
    try:
        read_file(data, name)
    except AppError as error:
        return error.message_zh if error.code == "file_empty" else ""
    return ""


def _nothing_in(name: str, why: str) -> Json:
    none = dict.fromkeys(("kind", "platform", "sheet", "header_row", "new", "updated", "unchanged", "totals"))
    zero = dict.fromkeys(("orders", "lines", "rejected"), 0)
    return {"file": name, **none, **zero, "columns": [], "errors": [], "state": "empty", "message": why}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound("no_such_file", f"打不开文件“{path}”：{trouble(error)}。请检查路径。") from error


def _said(arguments: argparse.Namespace, shop_id: UUID | None = None) -> Said:
    """What the command line says of every file. Raises Invalid."""
    columns: dict[str, str | None] = {}
    for one in arguments.maps:
        column, equals, key = one.rpartition("=")
        if not equals or not column.strip():
            raise Invalid("bad_map", f"--map 要写成 列=字段，例如 --map 金额=amount；现在是“{one}”。")
        columns[column.strip()] = key.strip() or None
    if arguments.header_row < 0:
        raise Invalid("bad_header_row", "--header-row 要从 1 数起。")
    return Said(
        kind=arguments.kind, header_row=arguments.header_row, shop_id=shop_id, columns=columns,
        as_of=_moment(arguments.as_of), supplier=arguments.supplier,
    )  # fmt: skip


def _moment(text: str) -> datetime | None:
    """A moment as a person writes it: in Beijing where no zone is said. Raises Invalid."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("bad_as_of", f"--as-of“{text}”不是时间。请写成 2026-11-20T10:00 这样。") from error
    return at if at.tzinfo else at.replace(tzinfo=BEIJING)


def _preview(arguments: argparse.Namespace, given: Sequence[tuple[Path, bytes]]) -> list[Json]:
    documents: list[Json] = []
    for path, data in given:
        found = reading.understand(data, path.name, said=_said(arguments), password=arguments.password or None)
        if not found:
            raise Invalid("file_empty", f"文件“{path.name}”里没有数据。请确认导出了内容再导入。")
        documents += [_document(reading.preview(one, every_error=True)) for one in found]
    return documents


def _document(card: Mapping[str, object]) -> Json:
    """The documented keys first, what the screens need after them."""
    first = (
        "file", "kind", "platform", "sheet", "header_row", "columns", "orders", "lines", "new", "updated",
        "unchanged", "rejected", "errors", "totals",
    )  # fmt: skip
    left_out = {"first", "badge", "error_count"}
    return {**{k: card[k] for k in first}, **{k: v for k, v in card.items() if k not in left_out and k not in first}}


def _record(arguments: argparse.Namespace, given: Sequence[tuple[Path, bytes]]) -> list[Json]:
    with_database()
    number = company_number(arguments)
    try:
        with tenant(number):
            started = intake.run(by=CLI, import_ids=_prepared(arguments, given), later=False)
    except BaseException:
        # Nothing of a refused command stays, neither in the database nor in the store.
        with tenant(number):
            for _, data in given:
                files.forget_bytes(data)
        raise
    for import_id in started.imports:
        try:
            import_run.perform(number, import_id)
        except KeyboardInterrupt:
            _stopped(number, import_id, arguments)
            raise
    with tenant(number):
        return [_outcome(imports.get(i)) for i in started.imports]


def _stopped(number: int, import_id: UUID, arguments: argparse.Namespace) -> None:
    """The person pressed Ctrl-C: the import is cancelled, and what is in stays or goes, as they said."""
    import_run.stop(number, import_id)
    with tenant(number):
        row = imports.get(import_id)
        if arguments.take_out and (token := row.counts.get("undo")):
            _answer(arguments, undo.undo(token=str(token), by=CLI))
        else:
            stay = f"已取消，已经导入的 {row.counts.get('new', 0)} 单留下了。要拿出来：daifa undo-import {import_id}"
            _answer(arguments, stay)


def _answer(arguments: argparse.Namespace, said: str) -> None:
    if arguments.json:
        as_json({"message": said})
    else:
        say(said)


def _undo(arguments: argparse.Namespace) -> int:
    with_database()
    with tenant(company_number(arguments)):
        token = imports.get(arguments.import_id).counts.get("undo")
        if not token:
            raise Conflict("not_undoable", "这次导入没有新增订单，或已经撤销过。")
        _answer(arguments, undo.undo(token=str(token), by=CLI))
    return 0


def _prepared(arguments: argparse.Namespace, given: Sequence[tuple[Path, bytes]]) -> list[UUID]:
    """Every file read and ready. Raises Invalid with all reasons when one is not."""
    shop_id = _shop(arguments)
    said = _said(arguments, shop_id)
    ids = []
    for path, data in given:
        before = {r.id for r in imports.list_open()}
        intake.receive(by=CLI, name=path.name, data=data, said=said, password=arguments.password, later=False)
        ids += [r.id for r in reversed(imports.list_open()) if r.id not in before]
    rows = [imports.get(i) for i in ids]
    reasons = [f"{r.guess.get('name')}：{why}{_how(r)}" for r in rows if (why := intake.why_not_ready(r))]
    if reasons:
        raise Invalid("not_ready", "；".join(reasons), reasons=reasons)
    for row in rows:
        if arguments.template:
            intake.correct(by=CLI, import_id=row.id, said=intake.said_of(row), template_name=arguments.template)
        if shop_id is not None and row.guess.get("needs_shop"):
            intake.remember_shop(row, shop_id)
    return ids


def _how(row: ImportView) -> str:
    """How to say on the command line what is missing: the company's shops of this platform, or a new one."""
    if row.state != "waiting" or row.asked or row.guess.get("problem"):
        return ""
    if row.guess.get("needs_shop") and row.shop_id is None:
        names = [f"--shop {shlex.quote(s.name)}" for s in shops.list_shops() if row.platform in {"", s.platform}]
        new = f"--new-shop {row.platform or '平台'}:店铺名称"
        return f"请加 {'、'.join(names)}，新店铺用 {new}。" if names else f"请加 {new}（还没有这个平台的店铺）。"
    return "请加 --supplier 供应商名称。" if row.guess.get("needs_supplier") else ""


def _shop(arguments: argparse.Namespace) -> UUID | None:
    if arguments.new_shop:
        said, _, name = arguments.new_shop.replace("：", ":").partition(":")
        platform = registry.shop_platform(said)
        if not name.strip() or not platform:
            known = "、".join(f"{c.short}（{c.key}）" for c in registry.cards(ConnectorKind.SHOP))
            raise Invalid("bad_new_shop", f"--new-shop 要写成 平台:名称，平台可以是 {known}。")
        return shops.create_shop(by=CLI, platform=platform, name=name.strip()).id
    if not arguments.shop:
        return None
    found = [s for s in shops.list_shops() if s.name == arguments.shop]
    if len(found) != 1:
        known = "、".join(s.name for s in shops.list_shops()) or "还没有"
        raise NotFound(
            "no_such_shop",
            f"没有（或不止一个）叫“{arguments.shop}”的店铺。已有的店铺：{known}。{_NEW_SHOP}",
        )
    return found[0].id


def _outcome(row: ImportView) -> Json:
    card = row.guess.get("card")
    document = _document(card if isinstance(card, Mapping) else {})
    refused = imports.rejected_rows(row.id)
    values = {(e["row"], e["column"]): e["value"] for e in document["errors"]}
    errors = [
        error_json(RowError(n, column, str(values.get((n, column), "")), why, fix)) for n, column, why, fix in refused
    ]
    counts = {k: row.counts.get(k, 0) for k in _COUNTS}
    extra = {"state": row.state, "import": str(row.id), "message": row.counts.get("message")}
    return {**document, **counts, "errors": errors, **extra}


def _tell(document: Json) -> None:
    if document.get("state") == "empty":
        say(f"{document['file']}  没有导入：{document['message']}")
        return
    kind = ImportKind(document["kind"]).label if document["kind"] else "认不出"
    say(f"{document['file']}  {document['label']}（{kind}，表头第 {document['header_row']} 行，{document['rows']} 行）")
    if document["new"] is None:
        found = f"{document['orders']} 单 {document['lines']} 行商品，有问题 {document['rejected']} 行"
        say(f"  {document['verdict']}；{found}")
        for column in document["columns"]:
            asked = "  请确认" if column["asked"] else ""
            say(f"  {column['column']} → {column['label'] or '原样保留'}{asked}")
    else:
        words = {"new": "新增", "updated": "更新", "unchanged": "无变化", "rejected": "拒绝"}
        say("  " + " · ".join(f"{label} {document[k]}" for k, label in words.items()))
    for error in document["errors"][:20]:
        say(f"  第 {error['row']} 行 {error['column']}：{error['reason']}。{error['fix']}")
