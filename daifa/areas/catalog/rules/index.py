"""Our SKUs ready for look-up: by code, barcode, and by the rare words of their titles.

Built once per catalogue (about a second for 50,000 SKUs), then asked in milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from daifa.areas.catalog.rules.packs import pack_quantity
from daifa.areas.catalog.rules.specs import Facts, facts_of
from daifa.areas.catalog.rules.text import grams, loose_code, plain, plain_code
from daifa.areas.catalog.types import OurSku, Pack, Part

# Words of more than this many titles are read only to score titles that rarer words have found.
POSTINGS_READ = 6_000
GROUPS_KEPT = 25
SKUS_KEPT = 120
CODE_PREFIX = 4


class CatalogueIndex:
    """An index over our SKUs. ``precedents`` are mappings that people decided: see ``fingerprint``."""

    def __init__(self, skus: Iterable[OurSku], precedents: Mapping[str, tuple[Part, ...]] | None = None) -> None:
        self.skus: list[OurSku] = sorted(skus, key=lambda s: (s.code, s.sku_id))
        self.precedents = precedents or {}
        self.by_id = {s.sku_id: s for s in self.skus}
        self._codes: dict[str, list[OurSku]] = {}
        self._plain: dict[str, list[OurSku]] = {}
        self._loose: dict[str, list[OurSku]] = {}
        self._barcodes: dict[str, list[OurSku]] = {}
        self._products: dict[str, list[OurSku]] = {}
        groups: dict[str, list[OurSku]] = {}
        for sku in self.skus:
            self._codes.setdefault(sku.code.strip(), []).append(sku)
            self._plain.setdefault(plain_code(sku.code), []).append(sku)
            self._loose.setdefault(loose_code(sku.code), []).append(sku)
            if sku.barcode:
                self._barcodes.setdefault(plain_code(sku.barcode), []).append(sku)
            if sku.product_code:
                self._products.setdefault(loose_code(sku.product_code), []).append(sku)
            groups.setdefault(plain(sku.title), []).append(sku)
        self._titles = list(groups)
        self._members: list[list[OurSku]] = list(groups.values())
        self._postings: dict[str, list[int]] = {}
        self._tokens: list[frozenset[str]] = []
        for at, title in enumerate(self._titles):
            tokens = frozenset(grams(title))
            self._tokens.append(tokens)
            for token in tokens:
                self._postings.setdefault(token, []).append(at)
        count = max(len(self._titles), 1)
        self._weight = {t: math.log(1 + count / len(p)) for t, p in self._postings.items()}
        self._whole = [sum(self._weight[t] for t in tokens) for tokens in self._tokens]
        # A word that every title has (the brand) counts next to nothing here, one that few have counts alone.
        self._rarest = math.log(1 + count) ** 2
        self._rarity = {t: math.log((1 + count) / len(p)) ** 2 for t, p in self._postings.items()}
        self._facts: dict[str, Facts] = {}
        self._packs: dict[tuple[str, str], Pack] = {}

    def by_code(self, code: str) -> tuple[list[OurSku], bool]:
        """SKUs of a merchant code, and whether it is written exactly so (else case, blanks or width differ)."""
        exact = self._codes.get(code.strip(), [])
        return (exact, True) if exact else (self._plain.get(plain_code(code), []), False)

    def by_loose_code(self, code: str) -> list[OurSku]:
        """SKUs whose code differs only by separators."""
        return self._loose.get(loose_code(code), []) if code else []

    def by_barcode(self, code: str) -> list[OurSku]:
        """SKUs of a barcode."""
        plain_one = plain_code(code)
        return self._barcodes.get(plain_one, []) if len(plain_one) >= 8 else []

    def by_product_code(self, code: str) -> list[OurSku]:
        """SKUs of the product whose code a merchant code is, or begins with (the longest such product code)."""
        loose = loose_code(code)
        for size in range(len(loose), CODE_PREFIX - 1, -1):
            if found := self._products.get(loose[:size]):
                return found
        return []

    def near_titles(self, title: str) -> list[tuple[OurSku, float]]:
        """SKUs whose titles share the rarest words with a title, with the likeness of the titles (0..1)."""
        tokens = sorted(
            {t for t in grams(plain(title)) if t in self._postings}, key=lambda t: (len(self._postings[t]), t)
        )
        if not tokens:
            return []
        shared: dict[int, float] = {}
        read = 0
        for token in tokens:
            weight, postings = self._weight[token], self._postings[token]
            read += len(postings)
            if read <= POSTINGS_READ or not shared:
                for at in postings:
                    shared[at] = shared.get(at, 0.0) + weight
            else:
                for at in [a for a in shared if token in self._tokens[a]]:
                    shared[at] += weight
        total = sum(self._weight[t] for t in tokens)
        scored = [(0.65 * s / self._whole[at] + 0.35 * s / total, at) for at, s in shared.items()]
        scored.sort(key=lambda x: (-x[0], x[1]))
        return self._skus_of(scored[:GROUPS_KEPT])

    def _skus_of(self, groups: Sequence[tuple[float, int]]) -> list[tuple[OurSku, float]]:
        found: list[tuple[OurSku, float]] = []
        for score, at in groups:
            found += [(sku, score) for sku in self._members[at]]
            if len(found) >= SKUS_KEPT:
                break
        return found

    def title_likeness(self, title: str, sku: OurSku) -> float:
        """The likeness of a title to one SKU's title."""
        tokens = {t for t in grams(plain(title)) if t in self._postings}
        own = set(grams(plain(sku.title)))
        if not tokens or not own:
            return 0.0
        both = sum(self._weight[t] for t in tokens & own)
        return 0.65 * both / sum(self._weight[t] for t in own) + 0.35 * both / sum(self._weight[t] for t in tokens)

    def kinship(self, title: str, sku: OurSku) -> float:
        """How far a title and a SKU's share the words that few of our titles have (0..1), by the shorter of them."""
        theirs, own = set(grams(plain(title))), set(grams(plain(sku.title)))
        both = self._worth(theirs & own)
        return both / min(self._worth(theirs), self._worth(own)) if both else 0.0

    def _worth(self, words: set[str]) -> float:
        return sum(self._rarity.get(w, self._rarest) for w in words)

    def facts(self, sku: OurSku) -> Facts:
        """The facts of a SKU's spec, with what only its title says unmistakably; remembered per text."""
        key = f"{sku.title}\x00{sku.spec}"
        found = self._facts.get(key)
        if found is None:
            found = {**facts_of(sku.title, loose=True), **facts_of(sku.spec)}
            self._facts[key] = found
        return found

    def pack(self, sku: OurSku) -> Pack:
        """What pack one piece of the SKU is; remembered per text."""
        key = (sku.title, sku.spec)
        found = self._packs.get(key)
        if found is None:
            found = self._packs[key] = pack_quantity(sku.title, sku.spec)
        return found


def fingerprint(title: str, spec: str) -> str:
    """The key under which a decided mapping helps other listings of the same words."""
    return f"{plain(title)}\x00{plain(spec)}"
