"""Understanding an uploaded file: bytes → sheets → what each is believed to be, with a person's corrections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from uuid import UUID

from daifa.areas.accounts.services import shops
from daifa.areas.accounts.types import ShopView
from daifa.areas.mailroom.rules.blanks import EXAMPLE
from daifa.areas.mailroom.rules.mapping import Template, correct, near_template, say_words, template_row, use_template
from daifa.areas.mailroom.rules.parse import parse
from daifa.areas.mailroom.rules.preview import preview_json
from daifa.areas.mailroom.rules.recognise import recognise
from daifa.base import vault
from daifa.connectors import registry
from daifa.flows.first_rows import first_rows, names_supplier
from daifa.kit import clock
from daifa.kit.errors import AppError
from daifa.kit.masking import mask_address, mask_name, mask_phone
from daifa.kit.tabular.read import read_file
from daifa.kit.tabular.sheets import SheetData
from daifa.kit.values import dataclass
from daifa.ports.sheet import ImportKind, Parsed, PriceRow, SheetGuess

type Json = dict[str, object]

ERRORS_KEPT = 200
PASSWORD = "import.password"  # the name of a seal, no secret
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_MASKS = {
    "recipient_name": mask_name,
    "recipient_phone": mask_phone,
    "recipient_tel": mask_phone,
    "recipient_address": mask_address,
    "recipient_text": mask_address,
    "recipient": mask_address,
    "address": mask_address,
    "name": mask_name,
    "phone": mask_phone,
    "contact": mask_name,
    "wechat": mask_name,
    "buyer_nick": mask_name,
    "buyer_note": mask_address,
    "seller_memo": mask_address,
}
_PERSONAL = re.compile("姓名|收货|收件|手机|电话|地址|留言|备注|会员|帐号|账号|昵称|联系|证件|身份")


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of a file: nothing, or kind, platform, header row, shop, columns by index or by name.

    ``as_of``: when it was exported, where nothing in it tells. ``supplier``: whose prices, where no column tells.
    ``words``: what status words mean that nobody knew.
    """

    kind: str = ""
    platform: str = ""
    header_row: int = 0
    shop_id: UUID | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
    as_of: datetime | None = None
    supplier: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(document: Mapping[str, object]) -> Said:
        """From the stored document."""
        shop = document.get("shop_id")
        columns = document.get("columns")
        header = document.get("header_row")
        as_of = document.get("as_of")
        words = document.get("words")
        return Said(
            kind=str(document.get("kind") or ""),
            platform=str(document.get("platform") or ""),
            header_row=header if isinstance(header, int) else 0,
            shop_id=UUID(str(shop)) if shop else None,
            columns=dict(columns) if isinstance(columns, Mapping) else {},
            as_of=datetime.fromisoformat(str(as_of)) if as_of else None,
            supplier=str(document.get("supplier") or ""),
            words=dict(words) if isinstance(words, Mapping) else {},
        )

    def document(self) -> Json:
        """To be stored."""
        return {
            "kind": self.kind,
            "platform": self.platform,
            "header_row": self.header_row,
            "shop_id": str(self.shop_id) if self.shop_id else None,
            "columns": dict(self.columns),
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "supplier": self.supplier,
            "words": dict(self.words),
        }


@dataclass(frozen=True, slots=True)
class Understood:
    """One sheet, what it is believed to be, and its rows under that belief (or why they cannot be read yet)."""

    sheet: SheetData
    guess: SheetGuess
    parsed: Parsed | None
    problem: str = ""


NOTHING_SAID = Said()


def understand(
    data: bytes,
    name: str,
    *,
    said: Said = NOTHING_SAID,
    password: str | None = None,
    templates: Sequence[Template] = (),
    sheet: str = "",
) -> list[Understood]:
    """Every chosen sheet of a file, read and parsed. Raises UnreadableFile, PasswordNeeded."""
    sheets = read_file(data, name, password)
    guesses = [
        _remembered(one, guess, said, templates) for one, guess in zip(sheets, _guess(sheets, said), strict=True)
    ]
    found = []
    for one, guess in zip(sheets, guesses, strict=True):
        if (sheet and sheet_key(one) != sheet) or (not sheet and not guess.chosen):
            continue
        found.append(_of_supplier(_parsed(one, _corrected(guess, said)), said.supplier))
    return found


def _guess(sheets: Sequence[SheetData], said: Said, header_row: int = 0, kind: str = "") -> list[SheetGuess]:
    wanted = said.kind or kind
    return recognise(
        sheets,
        registry.profiles(),
        kind=ImportKind(wanted) if wanted else None,
        platform=said.platform,
        header_row=said.header_row or header_row,
        now=clock.now(),
    )


def _remembered(sheet: SheetData, guess: SheetGuess, said: Said, templates: Sequence[Template]) -> SheetGuess:
    """The guess under a remembered template, unless a person said what this very file is."""
    if said.kind or said.header_row:
        return guess
    found = template_row(sheet, templates)
    if found is None and (near := near_template(guess, templates)) is not None:
        found = guess.header_row, near
    if found is None:
        return guess
    row, template = found
    [again] = _guess([sheet], said, row, str(template.get("kind") or ""))
    known = use_template(again, template)
    return replace(known, platform=said.platform or known.platform, chosen=not guess.hidden)


def seal_password(password: str) -> str:
    """A file's password as it is kept until the import is over."""
    return vault.seal(password.encode(), PASSWORD).hex() if password else ""


def open_password(sealed: object) -> str | None:
    """What ``seal_password`` sealed."""
    return vault.unseal(bytes.fromhex(str(sealed)), PASSWORD).decode() if sealed else None


def sheet_key(sheet: SheetData) -> str:
    """What names a sheet inside its file (also inside an archive)."""
    return f"{sheet.file}::{sheet.name}"


def _corrected(guess: SheetGuess, said: Said) -> SheetGuess:
    if said.words:
        guess = say_words(guess, said.words)
    if not said.columns:
        return guess
    corrected = correct(guess, {int(k) if k.isdecimal() else k: column for k, column in said.columns.items()})
    return replace(corrected, confidence=1.0)


def mapping_of(guess: SheetGuess) -> Json:
    """What every column is taken for: what a person saw must be what is recorded."""
    columns: Json = {str(c.index): c.field for c in guess.columns if c.field and not c.asked}
    return columns | {f"{of}:{word}": key for (of, word), key in guess.words.items()}


def settled(guess: SheetGuess, shop_id: UUID | None, said: Said, as_of: datetime | None) -> Said:
    """A whole belief as a person's word, for a file with the same columns and its header in the first row."""
    columns = {str(c.index): c.field for c in guess.columns if c.column and not c.asked}
    kind = guess.kind.value if guess.kind else ""
    words = {f"{of}:{word}": key for (of, word), key in guess.words.items()}
    return Said(kind, guess.platform, 1, shop_id, columns, as_of, said.supplier, words)


def _of_supplier(one: Understood, supplier: str) -> Understood:
    """Rows of a price list that do not say whose prices they are belong to the supplier a person named."""
    if not supplier or one.parsed is None:
        return one
    records = tuple(
        replace(r, supplier=supplier) if isinstance(r, PriceRow) and not r.supplier else r for r in one.parsed.records
    )
    return replace(one, parsed=replace(one.parsed, records=records))


def _parsed(sheet: SheetData, guess: SheetGuess) -> Understood:
    try:
        return Understood(sheet, guess, _without_example(sheet, parse(sheet, guess, registry.profiles())))
    except AppError as error:
        return Understood(sheet, guess, None, error.message_zh)


def _without_example(sheet: SheetData, parsed: Parsed) -> Parsed:
    """The example row that our own blanks carry is nobody's record."""
    first = parsed.records[0].row if parsed.records else 0
    if not first or EXAMPLE not in str(sheet.rows[first - 1][0]):
        return parsed
    dropped = (*parsed.dropped, (first, "模板里的示例行"))
    return replace(parsed, records=parsed.records[1:], rows=parsed.rows - 1, dropped=dropped)


def shop_of(one: Understood, said: Said) -> ShopView | None:
    """The shop a file belongs to: said by a person, or called by a name we know; None asks."""
    if said.shop_id is not None:
        return next((s for s in shops.list_shops() if s.id == said.shop_id), None)
    guess = one.guess
    if not guess.shop_hint:
        # Some platforms' files never name a shop: a person said it once, and there is no second shop to mistake.
        return shops.only_of(guess.platform) if guess.platform else None
    return shops.find_by_alias(guess.platform, [guess.shop_hint])


def wrong_shop(guess: SheetGuess, shop: ShopView | None) -> str:
    """Why this cannot be the file's shop; "" when it can."""
    if shop is None or not guess.platform or guess.platform == shop.platform:
        return ""
    names = {c.key: c.short for c in registry.cards()}
    of_file, of_shop = (names.get(p, p) for p in (guess.platform, shop.platform))
    return f"这是{of_file}的文件，而“{shop.name}”是{of_shop}的店铺。请换一个店铺。"


def needs_shop(guess: SheetGuess) -> bool:
    """Whether this kind of file belongs to one shop."""
    return guess.kind in (ImportKind.ORDERS, ImportKind.REFUNDS, ImportKind.SHIP_TEMPLATE)


def needs_supplier(one: Understood) -> bool:
    """Whether it is a price list that does not say whose."""
    return one.guess.kind == ImportKind.PRICES and one.parsed is not None and not names_supplier(one.parsed.records)


def preview(one: Understood, *, every_error: bool = False) -> Json:
    """The card of one file, with personal samples masked; without ``every_error`` only the first errors."""
    guess, parsed = one.guess, one.parsed
    card = registry.connectors().get(guess.platform)
    made = preview_json(guess, parsed, card=card.card if card else None)
    columns = made["columns"]
    assert isinstance(columns, list)
    for column in columns:
        column["samples"] = [_masked(s, str(column["field"] or ""), str(column["column"])) for s in column["samples"]]
    errors = made["errors"]
    assert isinstance(errors, list)
    made["errors"] = [
        {**e, "value": _masked(e["value"], "", e["column"])} for e in (errors if every_error else errors[:ERRORS_KEPT])
    ]
    made["error_count"] = len(errors)
    made["problem"] = one.problem
    made["first"] = first_rows(parsed) if parsed else {"columns": [], "rows": []}
    dropped = made["dropped"]
    made["dropped"] = dropped[:50] if isinstance(dropped, list) else []
    return made


def _masked(value: str, field_key: str, column: str) -> str:
    if field_key in _MASKS:
        return _MASKS[field_key](value)
    if not field_key and _PERSONAL.search(column):
        return mask_address(value) if len(value) > 6 else mask_name(value)
    return _PHONE.sub(lambda m: mask_phone(m.group()), value)
