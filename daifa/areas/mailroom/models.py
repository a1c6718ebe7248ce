"""Files in and out, imports with every row's fate, mapping templates, and the task list."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from daifa.areas.mailroom.types import IMPORT_STATES, INBOX, OUTBOX, TASK_STATES
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
    """One long piece of work: who started it, how far it is, what came of it. ``beat_at`` is real time."""

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


class Inbox(TenantModel):
    """One thing that arrived by API, stored before it is understood: a push, an item of a page, a single re-pull.

    ``event_key``: feed, the company's number and its modification time, or a digest where it has none; a second copy
    is refused and only moves ``seen_at`` (real time of the last reading). ``sealed`` is shredded when its time is
    over; the key stays for ever. ``awaits``: the number of the order without which it cannot be acted on (parked).
    """

    connection = TenantForeignKey("accounts.Connection", on_delete=models.PROTECT, db_index=False)
    feed = models.TextField()
    event_key = models.TextField()
    object_id = models.TextField()
    modified = models.DateTimeField(null=True)
    via = models.TextField()
    seen_at = models.DateTimeField()
    sealed = models.BinaryField(null=True)
    state = models.TextField(default="new")
    attempts = models.IntegerField(default=0)
    reason = models.TextField(default="")
    outcome = models.TextField(default="")
    awaits = models.TextField(default="", db_default="")
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "connection", "event_key"], name="inbox_once"),
            models.CheckConstraint(name="inbox_state", condition=Q(state__in=INBOX.states)),
            models.CheckConstraint(name="inbox_via", condition=Q(via__in=["poll", "push", "pull", "reconcile"])),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "connection", "id"], name="inbox_new", condition=Q(state="new")),
            models.Index(fields=["tenant_id", "connection", "id"], name="inbox_parked", condition=Q(state="parked")),
            models.Index(
                fields=["tenant_id", "connection", "id"],
                name="inbox_awaits",
                condition=Q(state="parked") & ~Q(awaits=""),
            ),
            models.Index(fields=["tenant_id", "connection", "object_id"], name="inbox_object"),
            models.Index(fields=["tenant_id", "created_at"], name="inbox_old", condition=Q(sealed__isnull=False)),
        ]


class Outbox(TenantModel):
    """One thing to be done outside, written before it is done. Its key is made from the business fact: one row for one
    fact. ``due_at``: not before (cancel window, back-off). A confirmed row is never left.
    """

    key = models.TextField()
    kind = models.TextField()
    connection = TenantForeignKey("accounts.Connection", on_delete=models.PROTECT, db_index=False)
    subject_id = models.UUIDField()
    order_id = models.UUIDField(null=True)
    reference = models.TextField(default="")
    state = models.TextField(default="ready")
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    asks = models.IntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    visible_at = models.DateTimeField(null=True)
    data = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    reason = models.TextField(default="")
    by = models.TextField(default="system")
    trace = models.TextField(default="")
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "key"], name="outbox_key"),
            models.CheckConstraint(name="outbox_state", condition=Q(state__in=OUTBOX.states)),
            models.CheckConstraint(
                name="outbox_called_when",
                condition=Q(state__in=["ready", "void", "held", "refused"]) | Q(called_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "connection", "due_at"], name="outbox_due", condition=Q(state__in=["ready"])
            ),
            models.Index(
                fields=["tenant_id", "state", "due_at"],
                name="outbox_open",
                condition=Q(state__in=["calling", "unknown", "person", "held", "refused"]),
            ),
            models.Index(fields=["tenant_id", "subject_id"], name="outbox_subject"),
            models.Index(fields=["tenant_id", "order_id"], name="outbox_order"),
        ]


class Call(TenantModel):
    """One call of ours to another company: what was sent and what came back, sealed, beside how it went."""

    connection = TenantForeignKey("accounts.Connection", on_delete=models.PROTECT, null=True, db_index=False)
    outbox_id = models.UUIDField(null=True)
    platform = models.TextField()
    name = models.TextField()
    at = models.DateTimeField()
    ms = models.IntegerField()
    status = models.IntegerField(default=0)
    outcome = models.TextField()
    code = models.TextField(default="")
    said = models.TextField(default="")
    attempt = models.IntegerField(default=1)
    trace = models.TextField(default="")
    sealed = models.BinaryField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "connection", "-at"], name="call_connection"),
            models.Index(fields=["tenant_id", "outbox_id"], name="call_outbox", condition=Q(outbox_id__isnull=False)),
            models.Index(fields=["tenant_id", "at"], name="call_at"),
        ]


class Pull(TenantModel):
    """One reading of a feed's window: how many there were, how long it took, what came of it."""

    connection = TenantForeignKey("accounts.Connection", on_delete=models.PROTECT, db_index=False)
    feed = models.TextField()
    via = models.TextField()
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)
    pages = models.IntegerField(default=0)
    items = models.IntegerField(default=0)
    fresh = models.IntegerField(default=0)
    ms = models.IntegerField(default=0)
    outcome = models.TextField()
    said = models.TextField(default="")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "connection", "-created_at"], name="pull_connection")]


class Comparison(TenantModel):
    """One nightly comparison of a shop's order numbers with the platform's: a row for a connection and business day.

    ``missing``: numbers that only the platform had; ``left``: those of them that we still do not have, each with why;
    ``strange``: numbers that only we have. ``theirs`` and ``ours`` count each side before anything was filled in.
    """

    connection = TenantForeignKey("accounts.Connection", on_delete=models.PROTECT, db_index=False)
    day = models.DateField()
    start = models.DateTimeField(null=True)
    end = models.DateTimeField(null=True)
    theirs = models.IntegerField(default=0)
    ours = models.IntegerField(default=0)
    missing = models.JSONField(default=list)
    left = models.JSONField(default=dict)
    strange = models.JSONField(default=list)
    outcome = models.TextField()
    said = models.TextField(default="")
    by = models.TextField(default="system")
    tries = models.IntegerField(default=1)
    # Real time, as with ``seen_at``.
    finished_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "connection", "day"], name="comparison_day"),
            models.CheckConstraint(name="comparison_counts", condition=Q(theirs__gte=0, ours__gte=0, tries__gte=1)),
        ]
