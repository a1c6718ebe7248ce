"""Tables under every area: who did what (audit), and which of our POSTs were already answered (idempotency)."""

from __future__ import annotations

from django.db import models

from daifa.base.tenancy import AppendOnly, TenantModel


class AuditEntry(AppendOnly, TenantModel):
    """One deed of a person, a token or a rule: who, what, on what, before and after, why, from where."""

    at = models.DateTimeField()
    actor = models.TextField()
    actor_name = models.TextField(default="")
    verb = models.TextField()
    kind = models.TextField(default="")
    object_id = models.UUIDField(null=True)
    summary = models.TextField()
    reason = models.TextField(default="")
    data = models.JSONField(default=dict)
    address = models.TextField(default="")

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "-at", "id"], name="audit_at"),
            models.Index(fields=["tenant_id", "kind", "object_id"], name="audit_object"),
            models.Index(fields=["tenant_id", "actor", "-at"], name="audit_actor"),
        ]


class Answered(TenantModel):
    """The answer of a creating POST under its Idempotency-Key, so that asking twice is answered once.

    Sealed: an answer may hold what is shown once (a token) or to one person (an opened recipient).
    """

    key = models.TextField()
    route = models.TextField()
    body_digest = models.TextField()
    status = models.IntegerField(default=0)
    answer = models.BinaryField(default=b"")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "route", "key"], name="answered_once"),
        ]


class WorkerBeat(models.Model):
    """When a worker of a queue was last alive: the job queue's own rows do not say which queue they serve."""

    queue = models.TextField(primary_key=True)
    at = models.DateTimeField()
