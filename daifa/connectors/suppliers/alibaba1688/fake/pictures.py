"""Pictures of offers: relative to 1688's own picture server as documented, or, by a switch, drawn and served here."""

from __future__ import annotations

from html import escape

from daifa.connectors.suppliers.alibaba1688.fake.goods import PICTURES, Goods
from daifa.connectors.suppliers.alibaba1688.fake.words import digest
from daifa.ports.world import Reply

_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120">'
    '<rect width="120" height="120" fill="hsl({hue},55%,82%)"/>'
    '<circle cx="60" cy="48" r="26" fill="hsl({hue},50%,62%)"/>'
    '<text x="60" y="104" font-size="16" text-anchor="middle" fill="hsl({hue},40%,28%)">{words}</text></svg>'
)


def is_picture(path: str) -> bool:
    """Whether this path asks for a picture of ours."""
    return path.startswith(f"/{PICTURES}/") and path.endswith(".svg")


def picture(goods: Goods, path: str) -> Reply:
    """The picture of an offer, or of one of its specs: always the same for the same name."""
    name = path.rsplit("/", 1)[-1].removesuffix(".svg")
    item = goods.item(name.split("_", 1)[0])
    words = escape(item.title[:6]) if item else ""
    drawn = _SVG.format(hue=int(digest("picture", name)[:4], 16) % 360, words=words)
    return Reply(200, drawn.encode(), "image/svg+xml;charset=utf-8", {"Cache-Control": "max-age=86400"})
