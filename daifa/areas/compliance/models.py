"""Platform rules (built in and overridden) and the merchant's blocklist."""

from __future__ import annotations

from django.db import models

from daifa.base.tenancy import Shared, TenantModel


class PlatformRule(Shared, models.Model):
    """A platform's rule as built in: window, penalty, since when, by which source; refreshed at migration."""

    key = models.TextField(primary_key=True)
    platform = models.TextField()
    kind = models.TextField()
    definition = models.JSONField()
    source = models.TextField()
    verified = models.BooleanField(default=False)


class PlatformRuleOverride(TenantModel):
    """A merchant's own version of a platform rule."""

    key = models.TextField()
    definition = models.JSONField()
    reason = models.TextField(default="")
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key"], name="rule_override_key")]


class Exemption(TenantModel):
    """Days or regions in which a platform does not count lateness (holiday, disaster)."""

    platform = models.TextField(default="")
    province = models.TextField(default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    source = models.TextField()
    by_name = models.TextField(default="")

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "ends_at"], name="exemption_ends")]


class Blocked(TenantModel):
    """A receiver we do not ship to without a person's word: found by keyed hash, sealed so that keys can rotate."""

    kind = models.TextField()
    value_hash = models.BinaryField()
    sealed = models.BinaryField()
    shown = models.TextField(default="")
    reason = models.TextField()
    by = models.TextField(default="")
    by_name = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "kind", "value_hash"], name="blocked_once")]
