"""Who acts: a member through a browser or a token, a supplier through a link, or the machine itself."""

from __future__ import annotations

from uuid import UUID

from daifa.base.permissions import PERMISSIONS
from daifa.kit.errors import NotAllowed
from daifa.kit.values import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with permissions and a data scope (None: everything of the company)."""

    key: str
    name: str
    permissions: frozenset[str] = frozenset()
    member_id: UUID | None = None
    user_id: int | None = None
    shops: frozenset[UUID] | None = None
    suppliers: frozenset[UUID] | None = None
    address: str = ""
    via: str = "session"

    @property
    def everywhere(self) -> bool:
        """Whether no data scope binds this actor: what belongs to no shop or supplier alone is theirs to see."""
        return self.shops is None and self.suppliers is None

    def may(self, permission: str) -> bool:
        """Whether this permission is held (``*`` holds all)."""
        return "*" in self.permissions or permission in self.permissions

    def need(self, permission: str) -> None:
        """Raise NotAllowed without the permission."""
        if not self.may(permission):
            raise NotAllowed(
                "not_allowed",
                f"您没有“{PERMISSIONS.get(permission, permission)}”的权限，请联系店主在“成员与权限”里开通。",
            )

    def need_shop(self, shop_id: UUID) -> None:
        """Raise NotAllowed for a shop outside the scope."""
        if self.shops is not None and shop_id not in self.shops:
            raise NotAllowed("shop_out_of_scope", "这个店铺不在您的数据范围内。")

    def need_supplier(self, supplier_id: UUID) -> None:
        """Raise NotAllowed for a supplier outside the scope."""
        if self.suppliers is not None and supplier_id not in self.suppliers:
            raise NotAllowed("supplier_out_of_scope", "这个供应商不在您的数据范围内。")


SYSTEM = Actor(key="system", name="系统", permissions=frozenset({"*"}), via="system")
