"""What arrives as a file: stored sealed, recognised, corrected by a person, started when it is ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from daifa.areas.accounts.services import settings, shops
from daifa.areas.mailroom.rules.mapping import fingerprint, template_of
from daifa.areas.mailroom.services import files, imports, tasks, templates
from daifa.areas.mailroom.types import ImportView
from daifa.base import audit
from daifa.base.actor import Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import handing, import_run, reading, recorders
from daifa.flows.reading import Said, Understood
from daifa.kit.errors import Conflict, Invalid
from daifa.kit.tabular.sheets import PasswordNeeded, UnreadableFile
from daifa.kit.values import dataclass
from daifa.ports.card import GENERIC
from daifa.ports.sheet import ImportKind

# What later files lean on comes first: prices need goods, orders want links, refunds need their orders.
ORDER = ("goods", "suppliers", "prices", "links", "orders", "recipients", "refunds", "tracking")


def receive(
    *,
    by: Actor,
    name: str,
    data: bytes,
    kind: str = "",
    password: str = "",
    said: Said | None = None,
    later: bool = True,
) -> UUID:
    """Keep an uploaded file and have it read; returns the import's id. The same file still waiting is that import.

    ``later`` false reads it at once, in the caller's transaction.
    """
    keep = settings.number("keep_file_days")
    stored = files.store(by=by, data=data, name=name, purpose="import", keep_days=keep)
    if said is None and (waiting := imports.open_of_file(stored.id)):
        return waiting
    import_id = imports.create(started_by=by.key, file_id=stored.id, kind=kind)
    wanted = said or Said(kind=kind)
    guess: dict[str, object] = {"said": wanted.document(), "name": name, "password": reading.seal_password(password)}
    imports.set_state(import_id, "reading", guess=guess)
    if later:
        read_file.enqueue(import_id=str(import_id))
    else:
        recognise(import_id)
    return import_id


@tenant_task("intake.read")
def read_file(*, tenant_id: int, import_id: str) -> None:
    """Recognise one arrived file; further sheets become imports of their own."""
    with tenant(tenant_id):
        if imports.exists(UUID(import_id)):
            recognise(UUID(import_id))


def recognise(import_id: UUID) -> None:
    """Read a file (again) and store what it is believed to be, in the caller's transaction."""
    row = imports.get(import_id, lock=True)
    if row.state not in imports.CHANGEABLE:
        return
    said = said_of(row)
    try:
        found = _understand(row, said, row.sheet)
    except PasswordNeeded as error:
        imports.set_state(import_id, "password", guess={**row.guess, "problem": error.message_zh})
        return
    except UnreadableFile as error:
        imports.set_state(import_id, "failed", guess={**row.guess, "problem": error.message_zh})
        return
    if not found:
        problem = "文件里没有数据。请确认导出了内容再导入。"
        imports.set_state(import_id, "failed", guess={**row.guess, "problem": problem})
        return
    for position, one in enumerate(found):
        this = import_id if position == 0 else imports.create(started_by=row.started_by, file_id=row.file_id)
        _settle_shop(this, row, one, said)


def _understand(row: ImportView, said: Said, sheet: str) -> list[Understood]:
    return reading.understand(
        files.content(row.file_id),
        str(row.guess.get("name") or row.file_name),
        said=said,
        password=reading.open_password(row.guess.get("password")),
        templates=templates.documents(),
        sheet=sheet,
    )


def _settle_shop(import_id: UUID, row: ImportView, one: Understood, said: Said) -> None:
    """Find the shop; a sheet that no platform wrote then speaks its shop's platform (order numbers are one space)."""
    shop = reading.shop_of(one, said) if reading.needs_shop(one.guess) else None
    if shop and not one.guess.platform and shop.platform != GENERIC:
        said = replace(said, platform=shop.platform)
        [one] = _understand(row, said, reading.sheet_key(one.sheet))
    if wrong := reading.wrong_shop(one.guess, shop):
        one = replace(one, problem=wrong)
    _store(import_id, one, said, row.guess, shop.id if shop else None)


def said_of(row: ImportView) -> Said:
    """What a person said of this file."""
    return Said.of(_mapping(row.guess.get("said")))


def _store(import_id: UUID, one: Understood, said: Said, before: Mapping[str, object], shop_id: UUID | None) -> None:
    guess, parsed = one.guess, one.parsed
    card = reading.preview(one)
    imports.recognised(
        import_id,
        kind=guess.kind.value if guess.kind else "",
        platform=guess.platform,
        sheet=reading.sheet_key(one.sheet),
        header_row=guess.header_row,
        guess={
            "said": said.document(),
            "name": before.get("name"),
            "password": before.get("password"),
            "card": card,
            "mapping": reading.mapping_of(guess),
            "fingerprint": fingerprint(guess),
            "template": template_of(guess, guess.template or guess.label),
            "needs_shop": reading.needs_shop(guess),
            "needs_supplier": reading.needs_supplier(one),
            "problem": one.problem,
        },
        asked=len(guess.asked),
        rows=parsed.rows if parsed else 0,
        as_of=said.as_of or (parsed.as_of if parsed else None) or guess.as_of,
        shop_id=shop_id,
        totals=_mapping(card["totals"]),
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def correct(*, by: Actor, import_id: UUID, said: Said, password: str = "", template_name: str = "") -> None:
    """A person's word over the guess: kind, platform, header row, shop, columns; read again at once.

    With ``template_name`` the correction is remembered for files with the same header, also for those that wait now.
    Raises Invalid, Conflict.
    """
    row = imports.get(import_id, lock=True)
    if row.state not in imports.CHANGEABLE:
        raise Conflict("import_started", "这次导入已经开始，不能再改。")
    if said.shop_id is not None:
        by.need_shop(said.shop_id)
    guess = {**row.guess, "said": said.document()}
    if password:
        guess["password"] = reading.seal_password(password)
    imports.set_state(import_id, "reading", guess=guess)
    recognise(import_id)
    row = imports.get(import_id)
    if said.shop_id is not None and not row.guess.get("problem"):
        remember_shop(row, said.shop_id)
    if template_name:
        _save_template(by, row, template_name)


def _save_template(by: Actor, row: ImportView, name: str) -> None:
    if row.asked or not row.kind:
        raise Invalid("template_unsure", f"还有 {row.asked} 列没有确认，请先确认再保存模板。")
    mark = str(row.guess.get("fingerprint"))
    templates.save(
        name=name,
        kind=row.kind,
        platform=row.platform,
        fingerprint=mark,
        mapping={**_mapping(row.guess.get("template")), "name": name.strip()},
    )
    audit.record(by, "template.save", f"保存导入模板 {name.strip()}", kind="template")
    for other in imports.list_open():
        alike = other.guess.get("fingerprint") == mark or not other.header_row
        if other.id != row.id and other.state == "waiting" and alike:
            recognise(other.id)


def remember_shop(row: ImportView, shop_id: UUID) -> None:
    """From now on files that call their shop as this one does (or not at all) belong to it, also those that wait."""
    hint = _mapping(row.guess.get("card")).get("shop_hint")
    if not hint and not row.platform:
        return
    shops.remember_alias(shop_id=shop_id, platform=row.platform or GENERIC, alias=str(hint or shops.NAMELESS))
    for other in imports.list_open():
        same = _mapping(other.guess.get("card")).get("shop_hint") == hint and other.platform == row.platform
        if other.id != row.id and other.state == "waiting" and other.shop_id is None and same:
            recognise(other.id)


def again(*, by: Actor, import_id: UUID) -> None:
    """Bring a cancelled or failed import back to its card; what it already wrote stays and is not written twice."""
    row = imports.get(import_id, lock=True)
    if row.state not in {"cancelled", "failed"}:
        raise Conflict("import_not_stopped", "这次导入没有停下，不用重新读取。")
    audit.record(by, "import.again", f"重新读取 {row.file_name}", kind="import", object_id=row.id)
    imports.reopen(import_id)
    recognise(import_id)


def discard(*, by: Actor, import_id: UUID) -> None:
    """Throw a file away that wrote nothing; its content is shredded when nothing else needs it."""
    files.forget_unused(imports.discard(by=by, import_id=import_id))


def why_not_ready(row: ImportView) -> str:
    """Why an import cannot run yet, as one Chinese sentence; "" when it can."""
    card = _mapping(row.guess.get("card"))
    if row.state == "password":
        return str(row.guess.get("problem") or "请输入文件密码。")
    if row.state != "waiting":
        return str(row.guess.get("problem") or "文件还没有读完。")
    if not row.kind:
        return "认不出这张表，请选择类型和表头行。"
    if row.kind not in recorders.RECORDERS:
        return f"这是{ImportKind(row.kind).label}文件，不在这里导入。{ELSEWHERE.get(row.kind, '')}"
    if row.asked:
        return f"请确认 {row.asked} 列。"
    if row.guess.get("problem"):
        return str(row.guess["problem"])
    if row.guess.get("needs_shop") and row.shop_id is None:
        hint = card.get("shop_hint")
        return f"请选择店铺（文件里写的是“{hint}”）。" if hint else "请选择这个文件属于哪个店铺。"
    if row.guess.get("needs_supplier"):
        return "请选择这是哪个供应商的价格。"
    if card.get("as_of_asked") and row.as_of is None:
        return "文件里没有任何时间，请选择它是什么时候导出的。"
    return ""


ELSEWHERE = {"tracking": "请到“回填单号”里导入。", "ship_template": "请到“上传平台”里添加模板。"}


@dataclass(frozen=True, slots=True)
class Started:
    """What was started: tasks in the order they run, and the files left behind with the reason."""

    tasks: tuple[UUID, ...]
    imports: tuple[UUID, ...]
    left: tuple[tuple[str, str], ...]


def run(*, by: Actor, import_ids: Sequence[UUID] | None = None, later: bool = True) -> Started:
    """Start every named import that is ready (all open ones when none is named), in a sensible order.

    ``later`` false leaves the performing to the caller. Raises Invalid when none is ready.
    """
    rows = _to_run(by, import_ids)
    made: list[UUID] = []
    left: list[tuple[str, str]] = []
    started: list[UUID] = []
    for row in rows:
        name = str(row.guess.get("name") or row.file_name)
        if reason := why_not_ready(row):
            left.append((name, reason))
            continue
        label = str(_mapping(row.guess.get("card")).get("label") or row.kind)
        task = tasks.start(
            by=by, kind="import", title=f"导入 {label}：{name}", params={"import": str(row.id)}, file_id=row.file_id
        )
        imports.queue(row.id, task.id)
        made.append(task.id)
        started.append(row.id)
    if not made:
        raise Invalid("nothing_ready", "没有可以导入的文件。" + "；".join(f"{n}：{why}" for n, why in left))
    if later:
        import_run.run_imports.enqueue(lock="import", import_ids=[str(i) for i in started])
    return Started(tuple(made), tuple(started), tuple(left))


def _to_run(by: Actor, import_ids: Sequence[UUID] | None) -> list[ImportView]:
    """Locked, in order of kind, the older export first; what is outside the actor's scope is not there."""
    scope = handing.within(by)
    if import_ids is None:
        waiting = [r for r in imports.list_open(scope) if r.state == "waiting"]
        wanted = [r.id for r in waiting if not why_not_ready(r)]
    else:
        wanted = list(dict.fromkeys(import_ids))
    rows = [imports.get(i, lock=True, within=scope) for i in sorted(wanted)]
    return sorted(rows, key=lambda r: (ORDER.index(r.kind) if r.kind in ORDER else 99, r.as_of or r.created_at))
