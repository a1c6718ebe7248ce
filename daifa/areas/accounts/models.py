"""Tenants, users, members, roles, tokens, shops and settings.

Users, tenants, doors and sessions are shared: they are looked at before a tenant is known.
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from daifa.areas.accounts.types import CONNECTION_STATES, MOST_CALLS
from daifa.base.tenancy import Shared, TenantForeignKey, TenantModel


class Tenant(Shared, models.Model):
    """One company (租户). Its number is in every key of its data."""

    id = models.AutoField(primary_key=True)
    name = models.TextField(unique=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password."""

    def create_user(self, login: str, password: str, name: str = "") -> User:
        """A new user who may sign in; which companies they see is their memberships' business."""
        user = User(login=self.model.normalize_username(login), name=name or login)
        user.set_password(password)
        user.save()
        return user


class User(Shared, AbstractBaseUser):
    """A person who signs in; a member of one or more companies."""

    login = models.TextField(unique=True)
    name = models.TextField(default="")
    is_active = models.BooleanField(default=True)
    totp_sealed = models.BinaryField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    recovery_hashes = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())

    objects = UserManager()
    USERNAME_FIELD = "login"


class UserSession(AbstractBaseSession):
    """A signed-in browser, listed to its user and revocable."""

    user_id = models.IntegerField(null=True, db_index=True)
    address = models.TextField(default="")
    agent = models.TextField(default="")
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())

    @classmethod
    def get_session_store_class(cls) -> type:
        """The store that fills these columns."""
        from daifa.areas.accounts.sessions import SessionStore

        return SessionStore


class Door(Shared, models.Model):
    """The directory: a hash of what somebody brings (login, token, link) leads to a tenant and a row of it."""

    kind = models.TextField()
    key_hash = models.TextField()
    tenant_id = models.IntegerField()
    target = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key_hash", "tenant_id"], name="door_once"),
        ]
        indexes = [models.Index(fields=["kind", "key_hash"], name="door_key")]


class LoginTry(Shared, models.Model):
    """A failed sign-in, counted per login and per address to slow down guessing."""

    key = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="login_try_key")]


class Role(TenantModel):
    """A named set of permissions; the built-in ones are made with the company."""

    key = models.TextField()
    name = models.TextField()
    permissions = models.JSONField(default=list)
    builtin = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key"], name="role_key")]


class Member(TenantModel):
    """A user's place in a company: role and data scope (null scope: everything)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = TenantForeignKey(Role, on_delete=models.PROTECT)
    name = models.TextField()
    active = models.BooleanField(default=True)
    shop_scope = models.JSONField(null=True)
    supplier_scope = models.JSONField(null=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "user"], name="member_user")]


class ApiToken(TenantModel):
    """A key for programs: acts as its member, within its scopes. Only a hash is kept."""

    member = TenantForeignKey(Member, on_delete=models.PROTECT)
    name = models.TextField()
    prefix = models.TextField()
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "prefix"], name="token_prefix")]


class Shop(TenantModel):
    """One shop on one platform, whether or not we hold keys for it.

    ``recipient_path``: where the receivers come from (file: export or second file; handover: assigned in the
    platform's own 代发 back office, we see numbers only). ``dial``: how much happens by itself.
    """

    platform = models.TextField()
    external_id = models.TextField(default="")
    name = models.TextField()
    recipient_path = models.TextField(default="file")
    dial = models.TextField(default="manual")
    active = models.BooleanField(default=True)
    exported_as_of = models.DateTimeField(null=True)
    settings = models.JSONField(default=dict)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "platform", "name"], name="shop_name"),
            models.UniqueConstraint(
                fields=["tenant_id", "platform", "external_id"],
                name="shop_external",
                condition=~models.Q(external_id=""),
            ),
            models.CheckConstraint(
                name="shop_path",
                condition=models.Q(recipient_path__in=["file", "handover"]),
            ),
            models.CheckConstraint(
                name="shop_dial",
                condition=models.Q(dial__in=["manual", "suggest", "automatic"]),
            ),
        ]


class ShopAlias(TenantModel):
    """How files call a shop (a column's text, a part of the file's name): remembered once a person said so."""

    shop = TenantForeignKey(Shop, on_delete=models.PROTECT)
    platform = models.TextField()
    alias = models.TextField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "platform", "alias"], name="shop_alias")]


class Setting(TenantModel):
    """One setting of the company; what is not stored has its default in code."""

    key = models.TextField()
    value = models.JSONField()
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key"], name="setting_key")]


class Preference(TenantModel):
    """How one member likes a screen: columns, saved filters."""

    member = TenantForeignKey(Member, on_delete=models.CASCADE)
    key = models.TextField()
    value = models.JSONField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "member", "key"], name="preference_key")]


class Application(TenantModel):
    """One app key at one company (platform), with its secret and base addresses; several per company are allowed.

    ``origin`` installation: the secret comes from the environment at each use and is not stored here.
    ``calls_per_second``: how often the merchant may call by his own contract; null: as the platform's card says.
    """

    platform = models.TextField()
    app_key = models.TextField()
    label = models.TextField(default="")
    sealed = models.BinaryField(null=True)
    urls = models.JSONField(default=dict)
    calls_per_second = models.IntegerField(null=True)
    origin = models.TextField(default="own")
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "platform", "app_key"], name="application_key"),
            models.CheckConstraint(
                name="application_rate", condition=Q(calls_per_second__gte=1) & Q(calls_per_second__lte=MOST_CALLS)
            ),
            models.CheckConstraint(name="application_origin", condition=Q(origin__in=["own", "installation"])),
            models.CheckConstraint(
                name="application_sealed", condition=Q(origin="installation") | Q(sealed__isnull=False)
            ),
        ]


class Connection(TenantModel):
    """One way to talk to another company by API: whose account, through which application, its sealed tokens.

    A shop's own (``shop``), or a buyer's account at a supplier platform, with which many suppliers are bought from.

    ``account`` is the company's own id of the shop or member. A removed connection is not ``live``; its row stays,
    because exchanges and orders name it.
    """

    platform = models.TextField()
    kind = models.TextField(default="api")
    application = TenantForeignKey(Application, on_delete=models.PROTECT)
    shop = TenantForeignKey(Shop, on_delete=models.PROTECT, null=True, db_index=False)
    account = models.TextField(default="")
    account_name = models.TextField(default="")
    sealed = models.BinaryField(null=True)
    state = models.TextField(default="working")
    state_reason = models.TextField(default="")
    expires_at = models.DateTimeField(null=True)
    refresh_expires_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    live = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(name="connection_state", condition=Q(state__in=CONNECTION_STATES)),
            models.UniqueConstraint(
                fields=["tenant_id", "shop", "kind"],
                name="connection_shop",
                condition=Q(live=True, shop__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "platform", "account"],
                name="connection_account_once",
                condition=Q(live=True) & ~Q(account=""),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "platform", "account"], name="connection_account"),
        ]


class ConnectionHealth(TenantModel):
    """How a connection fares: last success and error, the circuit breaker, the bucket that limits its calls.

    Apart from the connection, because every call writes here and nothing else may wait for it.
    """

    connection = TenantForeignKey(Connection, on_delete=models.CASCADE, db_index=False)
    ok_at = models.DateTimeField(null=True)
    error_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    error_code = models.TextField(default="")
    failures = models.IntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    quota = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "connection"], name="health_connection"),
            models.CheckConstraint(name="health_failures", condition=Q(failures__gte=0)),
        ]


class RateBucket(TenantModel):
    """What is left of a rate, shared by all workers: tokens at a moment. ``key``: whose, and of which call."""

    key = models.TextField()
    tokens = models.DecimalField(max_digits=12, decimal_places=4)
    at = models.DateTimeField()
    held_until = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "key"], name="bucket_key")]


class SyncPosition(TenantModel):
    """How far a feed of a connection was read: everything up to ``watermark`` (the platform's clock) is stored."""

    connection = TenantForeignKey(Connection, on_delete=models.CASCADE, db_index=False)
    feed = models.TextField()
    watermark = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")
    note = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "connection", "feed"], name="position_feed")]


class Authorization(TenantModel):
    """An authorisation that somebody began at another company: its one-time state leads back to it."""

    application = TenantForeignKey(Application, on_delete=models.CASCADE, db_index=False)
    shop = TenantForeignKey(Shop, on_delete=models.CASCADE, null=True, db_index=False)
    state_hash = models.TextField()
    by = models.TextField(default="")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "state_hash"], name="authorization_state")]
