"""Files in and out, imports with every row's fate, mapping templates, and the task list."""

from __future__ import annotations

from django.db import models

from daifa.areas.mailroom.types import IMPORT_STATES, TASK_STATES
from daifa.base.tenancy import TenantForeignKey, TenantModel


class StoredFile(TenantModel):
    """A file as it was, sealed in the blob store; the row holds its digest, never its content."""

    direction = models.TextField()
    purpose = models.TextField()
    name = models.TextField()
    digest = models.TextField()
    size = models.BigIntegerField()
    keep_until = models.DateTimeField(null=True)
    created_by = models.TextField(default="")

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "digest"], name="file_digest"),
            models.Index(fields=["tenant_id", "purpose", "-created_at"], name="file_purpose"),
        ]
        constraints = [models.CheckConstraint(name="file_direction", condition=models.Q(direction__in=["in", "out"]))]


class Task(TenantModel):
    """One long piece of work: who started it, how far it is, what came of it."""

    kind = models.TextField()
    title = models.TextField()
    state = models.TextField(default="queued")
    stage = models.TextField(default="")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    link = models.TextField(default="")
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    error_file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    cancel_asked = models.BooleanField(default=False)
    started_by = models.TextField(default="")
    started_by_name = models.TextField(default="")
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "-created_at", "id"], name="task_created"),
            models.Index(fields=["tenant_id", "state"], name="task_state"),
        ]
        constraints = [models.CheckConstraint(name="task_state_known", condition=models.Q(state__in=TASK_STATES))]


class MappingTemplate(TenantModel):
    """A person's correction of a file's columns, under a name, found again by the header's fingerprint."""

    name = models.TextField()
    kind = models.TextField()
    platform = models.TextField(default="")
    fingerprint = models.TextField()
    mapping = models.JSONField()
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "name"], name="template_name"),
            models.UniqueConstraint(fields=["tenant_id", "kind", "fingerprint"], name="template_fingerprint"),
        ]


class Import(TenantModel):
    """One sheet of one file on its way to records: recognised, confirmed, run, perhaps undone."""

    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT)
    task = TenantForeignKey(Task, on_delete=models.PROTECT, null=True)
    kind = models.TextField()
    platform = models.TextField(default="")
    shop = TenantForeignKey("accounts.Shop", on_delete=models.PROTECT, null=True, db_index=False)
    sheet = models.TextField(default="")
    header_row = models.IntegerField(default=0)
    guess = models.JSONField(default=dict)
    asked = models.IntegerField(default=0)
    as_of = models.DateTimeField(null=True)
    state = models.TextField(default="reading")
    rows = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    error_file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    started_by = models.TextField(default="")
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "state", "-created_at"], name="import_state"),
            models.Index(fields=["tenant_id", "shop", "-created_at"], name="import_shop"),
        ]
        constraints = [models.CheckConstraint(name="import_state_known", condition=models.Q(state__in=IMPORT_STATES))]


class ImportRow(TenantModel):
    """What became of one row of an imported sheet, and why. The row itself stays in the sealed file."""

    imported = TenantForeignKey(Import, on_delete=models.CASCADE, db_index=False)
    row = models.IntegerField()
    outcome = models.TextField()
    object_id = models.UUIDField(null=True)
    column = models.TextField(default="")
    reason = models.TextField(default="")
    fix = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "imported", "row"], name="import_row_once")]
        indexes = [models.Index(fields=["tenant_id", "object_id"], name="import_row_object")]
