"""After-sale cases and their steps."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from daifa.base.tenancy import TenantForeignKey, TenantModel
from daifa.ports.shop import RefundState


class Case(TenantModel):
    """One refund or return of one order, as the platform tells it.

    A case whose order has not come yet keeps what was said of it in ``waiting``, under the order's number.
    """

    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, db_index=False)
    external_id = models.TextField()
    order = TenantForeignKey("orders.Order", on_delete=models.PROTECT, null=True, db_index=False)
    order_no = models.TextField(default="")
    waiting = models.JSONField(default=list)
    line = TenantForeignKey("orders.Line", on_delete=models.PROTECT, null=True, db_index=False)
    state = models.TextField()
    platform_state = models.TextField(default="")
    amount_fen = models.BigIntegerField(null=True)
    needs_return = models.BooleanField(null=True)
    reason = models.TextField(default="")
    applied_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    return_courier = models.TextField(default="")
    return_tracking = models.TextField(default="")
    answer_by = models.DateTimeField(null=True)
    refuse_reasons = models.JSONField(default=list)
    refuse_reasons_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.TextField(default="")
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "shop", "external_id"], name="case_external"),
            models.CheckConstraint(name="case_state", condition=Q(state__in=[s.value for s in RefundState])),
            models.CheckConstraint(name="case_amount", condition=Q(amount_fen__gte=0)),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "order"], name="case_order"),
            models.Index(fields=["tenant_id", "line"], name="case_line", condition=Q(line__isnull=False)),
            models.Index(fields=["tenant_id", "shop", "order_no"], name="case_waits", condition=Q(order=None)),
            models.Index(fields=["tenant_id", "closed_at", "-applied_at"], name="case_open"),
        ]


class CaseStep(TenantModel):
    """One thing to be done because of a refund or cancel after the purchase, with owner, deadline and money."""

    order = TenantForeignKey("orders.Order", on_delete=models.PROTECT, db_index=False)
    case = TenantForeignKey(Case, on_delete=models.PROTECT, null=True)
    purchase = TenantForeignKey("purchasing.PurchaseOrder", on_delete=models.PROTECT, null=True, db_index=False)
    kind = models.TextField()
    text = models.TextField()
    state = models.TextField(default="open")
    owner = models.TextField(default="operator")
    due_by = models.DateTimeField(null=True)
    amount_fen = models.BigIntegerField(null=True)
    answer = models.TextField(default="")
    done_at = models.DateTimeField(null=True)
    done_by = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "order", "purchase", "kind"],
                name="case_step_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="case_step_state",
                condition=Q(state__in=["open", "done", "failed", "void"]),
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "state", "due_by"], name="case_step_due")]
