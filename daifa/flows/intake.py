"""What arrives as a file: stored sealed, recognised, corrected by a person, recorded in short transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from daifa.areas.accounts.services import settings, shops
from daifa.areas.mailroom.rules.mapping import fingerprint, template_of
from daifa.areas.mailroom.services import files, imports, tasks, templates
from daifa.areas.mailroom.types import ImportView
from daifa.base import audit, vault
from daifa.base.actor import SYSTEM, Actor
from daifa.base.jobs import tenant_task
from daifa.base.tenancy import tenant
from daifa.flows import reading, recorders
from daifa.flows.reading import Said, Understood
from daifa.kit.errors import AppError, Conflict, Invalid
from daifa.kit.tabular.sheets import PasswordNeeded, UnreadableFile

PASSWORD = "import.password"  # the name of a seal, no secret
SYNC_BYTES = 2_000_000


def receive(*, by: Actor, name: str, data: bytes, kind: str = "", password: str = "") -> UUID:
    """Keep an uploaded file and have it read; returns the import's id."""
    keep = settings.number("keep_file_days")
    stored = files.store(by=by, data=data, name=name, purpose="import", keep_days=keep)
    import_id = imports.create(by=by, file_id=stored.id, kind=kind)
    guess: dict[str, object] = {"said": Said(kind=kind).document(), "name": name, "password": _seal(password)}
    imports.set_state(import_id, "reading", guess=guess)
    read_file.enqueue(import_id=str(import_id))
    return import_id


def _seal(password: str) -> str:
    return vault.seal(password.encode(), PASSWORD).hex() if password else ""


def _open(sealed: object) -> str | None:
    return vault.unseal(bytes.fromhex(str(sealed)), PASSWORD).decode() if sealed else None


@tenant_task("intake.read")
def read_file(*, tenant_id: int, import_id: str) -> None:
    """Recognise one arrived file; further sheets become imports of their own."""
    with tenant(tenant_id):
        recognise(UUID(import_id))


def recognise(import_id: UUID) -> None:
    """Read a file (again) and store what it is believed to be, in the caller's transaction."""
    row = imports.get(import_id, lock=True)
    if row.state not in {"reading", "password", "waiting", "failed"}:
        return
    said = Said.of(_said(row.guess))
    data = files.content(row.file_id)
    try:
        found = reading.understand(
            data,
            str(row.guess.get("name") or files.get(row.file_id).name),
            said=said,
            password=_open(row.guess.get("password")),
            templates=templates.documents(),
            sheet=row.sheet,
        )
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
        this = import_id if position == 0 else imports.create(by=SYSTEM, file_id=row.file_id)
        _store(this, one, said, row.guess)


def _said(guess: Mapping[str, object]) -> Mapping[str, object]:
    said = guess.get("said")
    return said if isinstance(said, Mapping) else {}


def _store(import_id: UUID, one: Understood, said: Said, before: Mapping[str, object]) -> None:
    guess, parsed = one.guess, one.parsed
    shop_id = reading.shop_of(one, said) if reading.needs_shop(guess) else None
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
            "fingerprint": fingerprint(guess),
            "template": template_of(guess, guess.template or guess.label),
            "needs_shop": reading.needs_shop(guess),
            "problem": one.problem,
        },
        asked=len(guess.asked),
        rows=parsed.rows if parsed else 0,
        as_of=(parsed.as_of if parsed else None) or guess.as_of,
        shop_id=shop_id,
        totals=_mapping(card["totals"]),
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def correct(
    *,
    by: Actor,
    import_id: UUID,
    said: Said,
    password: str = "",
    template_name: str = "",
) -> None:
    """A person's word over the guess: kind, platform, header row, shop, columns; read again at once.

    With ``template_name`` the correction is remembered for files with the same header. Raises Invalid, Conflict.
    """
    row = imports.get(import_id, lock=True)
    if row.state not in {"password", "waiting", "failed"}:
        raise Conflict("import_started", "这次导入已经开始，不能再改。")
    guess = {**row.guess, "said": said.document()}
    if password:
        guess["password"] = _seal(password)
    imports.set_state(import_id, "reading", guess=guess)
    recognise(import_id)
    row = imports.get(import_id)
    if said.shop_id is not None:
        _remember_shop(row.guess, row.platform, said.shop_id)
    if template_name:
        template = dict(_mapping(row.guess.get("template")))
        templates.save(
            name=template_name,
            kind=row.kind,
            platform=row.platform,
            fingerprint=str(row.guess.get("fingerprint")),
            mapping={**template, "name": template_name},
        )
        audit.record(by, "template.save", f"保存导入模板 {template_name}", kind="template")


def _remember_shop(guess: Mapping[str, object], platform: str, shop_id: UUID) -> None:
    hint = _mapping(guess.get("card")).get("shop_hint")
    if hint:
        shops.remember_alias(shop_id=shop_id, platform=platform or "generic", alias=str(hint))


def why_not_ready(row: ImportView) -> str:
    """Why an import cannot run yet, as one Chinese sentence; "" when it can."""
    card = _mapping(row.guess.get("card"))
    if row.state == "password":
        return str(row.guess.get("problem") or "请输入文件密码。")
    if row.state != "waiting":
        return str(row.guess.get("problem") or "文件还没有读完。")
    if row.guess.get("problem"):
        return str(row.guess["problem"])
    if not row.kind:
        return "认不出这张表，请选择类型和表头行。"
    if row.asked:
        return f"请确认 {row.asked} 列。"
    if row.guess.get("needs_shop") and row.shop_id is None:
        hint = card.get("shop_hint")
        return f"请选择店铺（文件里写的是“{hint}”）。" if hint else "请选择这个文件属于哪个店铺。"
    return ""


def run(*, by: Actor, import_ids: Sequence[UUID]) -> list[UUID]:
    """Start every named import that is ready, in the order given; returns the tasks. Raises Invalid when none is."""
    made = []
    reasons = []
    for import_id in import_ids:
        row = imports.get(import_id, lock=True)
        if reason := why_not_ready(row):
            reasons.append(f"{files.get(row.file_id).name}：{reason}")
            continue
        if row.shop_id:
            by.need_shop(row.shop_id)
        name = str(row.guess.get("name") or "文件")
        label = str(_mapping(row.guess.get("card")).get("label") or row.kind)
        task = tasks.start(
            by=by, kind="import", title=f"导入 {label}：{name}", params={"import": str(import_id)}, file_id=row.file_id
        )
        imports.queue(import_id, task.id)
        run_import.enqueue(lock="import", import_id=str(import_id))
        made.append(task.id)
    if not made:
        raise Invalid("nothing_ready", "没有可以导入的文件。" + "；".join(reasons))
    return made


@tenant_task("intake.run")
def run_import(*, tenant_id: int, import_id: str) -> None:
    """Record one import's rows, whole orders in batches of short transactions; safe to run again after a crash."""
    perform(tenant_id, UUID(import_id))


def perform(tenant_id: int, import_id: UUID) -> None:
    """Run one queued import to its end (done, failed or cancelled). Opens its own transactions."""
    with tenant(tenant_id):
        row = imports.get(import_id, lock=True)
        if row.task_id is None or row.state not in {"queued", "running"} or tasks.begin(row.task_id) is None:
            return
        imports.set_state(import_id, "running")
        said = Said.of(_said(row.guess))
        data, name = files.content(row.file_id), str(row.guess.get("name"))
        password, remembered = _open(row.guess.get("password")), templates.documents()
    task_id = row.task_id
    try:
        [one] = reading.understand(data, name, said=said, password=password, templates=remembered, sheet=row.sheet)
        one = replace(one, guess=replace(one.guess, as_of=row.as_of or one.guess.as_of))
        del data
        result = recorders.record(tenant_id, row, one)
        _finish(tenant_id, import_id, task_id, "done", result)
    except tasks.Cancelled:
        _finish(tenant_id, import_id, task_id, "cancelled", {})
    except AppError as error:
        _finish(tenant_id, import_id, task_id, "failed", {"message": error.message_zh})


def _finish(tenant_id: int, import_id: UUID, task_id: UUID, state: str, result: Mapping[str, object]) -> None:
    with tenant(tenant_id):
        counts = imports.object_outcomes(import_id)
        rejected = imports.outcomes(import_id).get("rejected", 0)
        summary = {**counts, "rejected": rejected, **result}
        error_file = summary.pop("error_file", None)
        error_id = UUID(str(error_file)) if error_file else None
        imports.finish(import_id, state, summary, error_id)
        link = f"/import?done={import_id}"
        tasks.finish(task_id, state=state, result=summary, error_file=error_id, link=link)
