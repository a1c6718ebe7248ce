"""Which of our SKUs a listing SKU is: what is remembered, what its code says, and what its words suggest.

Only a remembered mapping and a unique merchant code that nothing contradicts decide by themselves; everything else
is a suggestion that needs a person's yes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from daifa.areas.catalog.rules.contrasts import contrast, other_kind
from daifa.areas.catalog.rules.index import CatalogueIndex, fingerprint
from daifa.areas.catalog.rules.packs import pack_quantity, sends_nothing
from daifa.areas.catalog.rules.specs import Compared, Facts, Verdict, compare, facts_of, parts_of
from daifa.areas.catalog.rules.text import common_words, grams, plain, plain_code
from daifa.areas.catalog.types import Basis, ListingSku, MatchAnswer, OurSku, Pack, Part, Suggestion, Sureness
from daifa.kit.values import dataclass

MAX_SUGGESTIONS = 5
SURE, LIKELY, WORTH_SHOWING = 0.80, 0.50, 0.15
MARGIN = 0.04
# Goods whose rare words overlap less are strangers, whatever brand, style and colour they share.
KIN = 0.35
SHORT_CODE = 3
_TITLE_SHARE = 0.55
_STRANGER = "但不像同一种商品"
_TIMES = re.compile(r"^(.+?)\s*[*xX×]\s*(\d{1,3})$")
_JOINED = re.compile(r"[+＋&,，;；|]")


@dataclass(frozen=True, slots=True)
class _Listing:
    """A listing SKU read once."""

    given: ListingSku
    facts: Facts
    pack: Pack
    title: str
    words: frozenset[str]
    sought: frozenset[UUID]


def suggest(
    listing: ListingSku,
    index: CatalogueIndex,
    remembered: tuple[Part, ...] | None = None,
    sought: Collection[UUID] = (),
) -> MatchAnswer:
    """Up to five suggestions for a listing SKU, best first, each with its reason and the words for and against.

    ``remembered`` is the mapping a person decided (empty = 不发货 was decided: nothing is suggested); ``sought`` are
    SKUs that somebody has in mind: of equals they come first.
    """
    pack = pack_quantity(listing.title, listing.spec)
    if remembered is not None:
        kept = (Suggestion(remembered, 1.0, Sureness.SURE, Basis.REMEMBERED, "按记住的匹配。", automatic=True),)
        return MatchAnswer(kept if remembered else (), pack)
    read = _Listing(
        given=listing,
        facts={**facts_of(listing.title, loose=True), **facts_of(listing.spec)},
        pack=pack,
        title=plain(listing.title),
        words=frozenset(g for part in parts_of(plain(listing.spec)) for g in grams(part)),
        sought=frozenset(sought),
    )
    found = [*_by_code(read, index), *_by_bundle(read, index), *_by_precedent(read, index)]
    automatic = [s for s in found if s.automatic]
    if not automatic:
        found += _by_words(read, index)
    best: dict[tuple[Part, ...], Suggestion] = {}
    for s in sorted(found, key=lambda s: (not s.automatic, -s.score, *_order(s, read.sought))):
        best.setdefault(s.parts, s)
    shown = tuple(best.values())[:MAX_SUGGESTIONS]
    no_ship = None if automatic or listing.is_gift else sends_nothing(listing.title, listing.spec)
    return MatchAnswer(shown, pack, no_ship)


def _order(found: Suggestion, sought: Collection[UUID]) -> tuple[bool, list[str]]:
    """Among equals: what is sought, then always the same."""
    ids = [p.sku_id for p in found.parts]
    return not any(i in sought for i in ids), [str(i) for i in ids]


def _by_code(read: _Listing, index: CatalogueIndex) -> Iterable[Suggestion]:
    code = read.given.merchant_code
    if not plain_code(code):
        return []
    same, exact = index.by_code(code)
    if same:
        basis = Basis.CODE if exact else Basis.CODE_LOOSE
        said = (
            f"商家编码 {code.strip()} 完全一致"
            if exact
            else f"商家编码只差大小写或空格（{code.strip()} = {same[0].code.strip()}）"
        )
        return [_coded(read, index, sku, basis, said, alike=len(same)) for sku in same[:MAX_SUGGESTIONS]]
    for basis, others, said in (
        (Basis.BARCODE, index.by_barcode(code), f"商家编码 {code.strip()} 是它的条码"),
        (Basis.CODE_LOOSE, index.by_loose_code(code), f"商家编码 {code.strip()} 只差分隔符"),
    ):
        if others:
            coded = [_coded(read, index, s, basis, said, alike=len(others), decides=False) for s in others]
            return [replace(c, score=min(c.score, 0.9)) for c in coded[:MAX_SUGGESTIONS]]
    return []


def _coded(
    read: _Listing, index: CatalogueIndex, sku: OurSku, basis: Basis, said: str, *, alike: int, decides: bool = True
) -> Suggestion:
    """A SKU found by its code; what the words say against it takes the decision away from the code."""
    compared = compare(read.facts, index.facts(sku))
    against = [c for c in compared if c.verdict is Verdict.CONTRADICTS]
    part, pack_said, pack_ok = _part(read, index, sku)
    doubts = [f"有 {alike} 个 SKU 用这个编码"] if alike > 1 else []
    doubts += [f"但{c.dimension}不同：{c.theirs} ↔ {c.ours}" for c in against]
    if pack_said:
        doubts.append(pack_said)
    if len(plain_code(sku.code)) < SHORT_CODE and not index.title_likeness(read.given.title, sku):
        doubts.append(f"编码“{sku.code}”太短，标题也对不上")
    automatic = decides and not doubts and pack_ok
    word = Sureness.SURE if not doubts else (Sureness.ASK if against or not pack_ok else Sureness.LIKELY)
    return Suggestion(
        parts=(part,),
        score=1.0 if not doubts else (0.7 if against else 0.95),
        word=word,
        basis=basis,
        reason="，".join([said, *doubts]) + "。",
        agreeing=_agreeing(read, sku, compared),
        disagreeing=tuple((c.theirs, c.ours) for c in against),
        automatic=automatic,
    )


def _by_bundle(read: _Listing, index: CatalogueIndex) -> Iterable[Suggestion]:
    """``A01*2+B02``: several codes, or one with a count, all of them known."""
    code = read.given.merchant_code
    if not code or index.by_code(code)[0]:
        return []
    parts: dict[OurSku, int] = {}
    for piece in _JOINED.split(code):
        match = _TIMES.match(piece.strip())
        same, _ = index.by_code(piece)
        count = 1
        if not same and match:
            same, count = index.by_code(match[1])[0], int(match[2])
        if len(same) != 1 or count < 1:
            return []
        parts[same[0]] = parts.get(same[0], 0) + count
    said = " + ".join(f"{sku.code}×{count}" for sku, count in parts.items())
    kept = tuple(Part(sku.sku_id, count) for sku, count in parts.items())
    return [Suggestion(kept, 0.97, Sureness.SURE, Basis.BUNDLE, f"商家编码写的是组合：{said}。")]


def _by_precedent(read: _Listing, index: CatalogueIndex) -> Iterable[Suggestion]:
    parts = index.precedents.get(fingerprint(read.given.title, read.given.spec))
    if not parts or any(p.sku_id not in index.by_id for p in parts):
        return []
    codes = " + ".join(f"{index.by_id[p.sku_id].code}×{p.quantity}" for p in parts)
    reason = f"同标题同规格的另一个链接已匹配为 {codes}。"
    return [Suggestion(parts, 0.96, Sureness.SURE, Basis.PRECEDENT, reason)]


def _by_words(read: _Listing, index: CatalogueIndex) -> list[Suggestion]:
    near: dict[OurSku, float] = {}
    for sku, likeness in index.near_titles(read.given.title):
        near[sku] = likeness
    coded = index.by_product_code(read.given.merchant_code)
    near |= dict.fromkeys(coded, 1.0)
    against = _titles_against(read, index, {s: n for s, n in near.items() if s not in coded})
    scored = [
        s
        for sku, likeness in near.items()
        if (s := _scored(read, index, sku, likeness, against.get(plain(sku.title)))).score >= WORTH_SHOWING
    ]
    scored.sort(key=lambda s: (-s.score, s.sku_id not in read.sought, index.by_id[s.sku_id].code, str(s.sku_id)))
    top = [_beside(read, index, s, scored[:n]) for n, s in enumerate(scored[:MAX_SUGGESTIONS])]
    top.sort(key=lambda s: -s.score)
    if len(top) > 1 and top[0].score - top[1].score < MARGIN and top[0].word is Sureness.SURE:
        # Two that fit alike: nobody may be told that one of them is it.
        alike = [s for s in top if top[0].score - s.score < MARGIN]
        top = [replace(s, word=Sureness.LIKELY) if s in alike and s.word is Sureness.SURE else s for s in top]
    return top


def _beside(read: _Listing, index: CatalogueIndex, found: Suggestion, better: Sequence[Suggestion]) -> Suggestion:
    """A variant beside better ones of its title: a word of their specs that the listing says and this one lacks
    (双层, 单层) speaks against it, and only one variant is ever sure."""
    sku = index.by_id[found.sku_id]
    others = [index.by_id[s.sku_id] for s in better]
    specs = [plain(o.spec) for o in others if plain(o.title) == plain(sku.title)]
    word = contrast(plain(read.given.spec), plain(sku.spec), specs) if specs else None
    if word is None or any(word.theirs == theirs for theirs, _ in found.disagreeing):
        return replace(found, word=Sureness.LIKELY) if better and found.word is Sureness.SURE else found
    return replace(
        found,
        score=round(found.score * 0.6, 4),
        word=Sureness.ASK,
        reason=f"{found.reason.removesuffix('。')}，但规格不同：{word.theirs} ↔ {word.ours}。",
        disagreeing=(*found.disagreeing, (word.theirs, word.ours)),
    )


@dataclass(frozen=True, slots=True)
class _Against:
    """What a title of ours has against it: a word in place of the listing's, or that it is another thing altogether."""

    word: Compared | None
    stranger: bool


def _titles_against(read: _Listing, index: CatalogueIndex, near: Mapping[OurSku, float]) -> dict[str, _Against]:
    found: dict[str, _Against] = {}
    for sku, _ in sorted(near.items(), key=lambda x: (-x[1], x[0].code, x[0].sku_id)):
        title = plain(sku.title)
        if title not in found:
            stranger = index.kinship(read.given.title, sku) < KIN or other_kind(read.title, title)
            found[title] = _Against(contrast(read.title, title, list(found)), stranger)
    return found


def _scored(read: _Listing, index: CatalogueIndex, sku: OurSku, likeness: float, title: _Against | None) -> Suggestion:
    compared = compare(read.facts, index.facts(sku))
    against = [c for c in compared if c.verdict is Verdict.CONTRADICTS]
    if title and title.word:
        against.append(title.word)
    stranger = title is not None and title.stranger
    rest = _rest_likeness(read, sku)
    part, pack_said, pack_ok = _part(read, index, sku)
    score = _TITLE_SHARE * min(likeness, 1.0) + (1 - _TITLE_SHARE) * _spec_score(compared, rest)
    if against or stranger:
        score *= 0.6
    if not pack_ok:
        score *= 0.8
    only_near = any(c.verdict is Verdict.NEAR for c in compared)
    settled = any(c.verdict is Verdict.AGREES for c in compared) or rest >= 0.8
    if score >= SURE and settled and not (against or stranger or only_near or pack_said):
        word = Sureness.SURE
    elif score >= LIKELY and not against and not stranger and pack_ok:
        word = Sureness.LIKELY
    else:
        word = Sureness.ASK
    return Suggestion(
        parts=(part,),
        score=round(score, 4),
        word=word,
        basis=Basis.WORDS,
        reason=_reason(read, sku, compared, against, _STRANGER if stranger and not against else "", pack_said),
        agreeing=_agreeing(read, sku, compared),
        disagreeing=tuple((c.theirs, c.ours) for c in against),
    )


def _spec_score(compared: Sequence[Compared], rest: float) -> float:
    if not compared:
        return rest
    marks = {Verdict.AGREES: 1.0, Verdict.NEAR: 0.6, Verdict.CONTRADICTS: 0.0}
    return 0.8 * sum(marks[c.verdict] for c in compared) / len(compared) + 0.2 * rest


def _rest_likeness(read: _Listing, sku: OurSku) -> float:
    """Likeness of the spec texts as words: 1 when both are empty, half when only one side speaks."""
    theirs, ours = plain(read.given.spec), plain(sku.spec)
    if theirs == ours:
        return 1.0
    if not theirs or not ours:
        return 0.5
    own = frozenset(g for part in parts_of(ours) for g in grams(part))
    if not own or not read.words:
        return 0.0
    # What is written alike but for a digit (款式2, 款式9) is not the same.
    return min(0.9, 2 * len(own & read.words) / (len(own) + len(read.words)))


def _part(read: _Listing, index: CatalogueIndex, sku: OurSku) -> tuple[Part, str, bool]:
    """The pieces of the SKU in one piece of the listing, what to say of it, and whether the packs go together."""
    theirs, ours = read.pack, index.pack(sku)
    if theirs.quantity == ours.quantity or not theirs.words:
        return Part(sku.sku_id, 1), "", True
    if theirs.quantity % ours.quantity == 0:
        count = theirs.quantity // ours.quantity
        return Part(sku.sku_id, count), f"写着“{theirs.words}”，按每份 {count} 件算", True
    return Part(sku.sku_id, 1), f"写着“{theirs.words}”，但它是 {ours.quantity} 件一份", False


def _agreeing(read: _Listing, sku: OurSku, compared: Sequence[Compared]) -> tuple[str, ...]:
    words = [*common_words(read.title, plain(sku.title)), *common_words(plain(read.given.spec), plain(sku.spec))]
    words += [c.theirs for c in compared if c.verdict is Verdict.AGREES]
    return tuple(dict.fromkeys(words))


def _reason(
    read: _Listing, sku: OurSku, compared: Sequence[Compared], against: Sequence[Compared], *doubts: str
) -> str:
    said = []
    if words := common_words(read.title, plain(sku.title)):
        said.append(f"标题里“{'、'.join(words[:5])}”一致")
    if same := [f"{c.dimension} {c.theirs}" for c in compared if c.verdict is Verdict.AGREES]:
        said.append(f"{'、'.join(same)} 一致")
    said += [f"{c.dimension}相近：{c.theirs} ↔ {c.ours}" for c in compared if c.verdict is Verdict.NEAR]
    said += [f"但{c.dimension}不同：{c.theirs} ↔ {c.ours}" for c in against]
    said += [d for d in doubts if d]
    return ("，".join(said) or "只有个别字相同") + "。"
