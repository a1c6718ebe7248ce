"""Settings, typed, read from the environment (`.env.example` lists them). Placeholder secrets are refused."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from daifa.kit.trouble import trouble

ROOT = Path(__file__).resolve().parents[2]


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


DAIFA_HOME = os.path.abspath(os.environ.get("DAIFA_HOME") or ROOT / "var")
DAIFA_KEYS = os.environ.get("DAIFA_KEYS", "")
# Applications that belong to the installation, not to one company: JSON, see areas/accounts/services/applications.
DAIFA_APPLICATIONS: list[dict[str, Any]] = json.loads(os.environ.get("DAIFA_APPLICATIONS") or "[]")
DEBUG = False


def _secret() -> str:
    given = os.environ.get("DAIFA_SECRET", "")
    if given:
        if len(given) < 32 or "change" in given.lower() or "example" in given.lower():
            raise SystemExit("DAIFA_SECRET 太短或是示例值，请换成 32 位以上的随机字符。")
        return given
    try:
        return _secret_file(Path(DAIFA_HOME) / "secret")
    except OSError as error:
        raise SystemExit(
            f"数据目录“{DAIFA_HOME}”用不了：{trouble(error)}。请检查 DAIFA_HOME 的位置和权限，换一个能写的文件夹。"
        ) from error


def _secret_file(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text().strip()


SECRET_KEY = _secret()


def _metrics_token() -> str:
    given = os.environ.get("DAIFA_METRICS_TOKEN", "")
    if given and (len(given) < 16 or "change" in given.lower() or "example" in given.lower()):
        raise SystemExit("DAIFA_METRICS_TOKEN 太短或是示例值，请换成 16 位以上的随机字符，或不设。")
    return given


# Who brings it may read /metrics from elsewhere; without it only this machine may.
METRICS_TOKEN = _metrics_token()


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "daifa.base.pg",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": {"application_name": "daifa", **query},
        "CONN_MAX_AGE": 0,
        "TEST": {},
    }


def _databases() -> dict[str, dict[str, Any]]:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        from daifa.entry.postgres import socket_folder

        folder = socket_folder(Path(DAIFA_HOME))
        url = f"postgresql://daifa_app@/daifa?host={folder}&port=5432"
        owner = f"postgresql://daifa_owner@/daifa?host={folder}&port=5432"
    else:
        owner = os.environ.get("DATABASE_OWNER_URL", "")
        if not owner:
            raise SystemExit("已设置 DATABASE_URL，但缺少 DATABASE_OWNER_URL（负责建表迁移的角色）。")
    default, migrating = _database(url), _database(owner)
    if os.environ.get("DAIFA_NO_DATABASE"):
        # A command that only compares code (are migrations missing?) keeps no connections ready.
        return {"default": default}
    default["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": int(os.environ.get("DAIFA_POOL", "10")),
        "timeout": 30,
        # A server that was killed leaves dead connections behind: look before use.
        "check": _check_connection,
    }
    if _flag("DAIFA_PGBOUNCER"):
        default["OPTIONS"]["prepare_threshold"] = None
    default["TEST"] = {"MIRROR": "owner"}
    migrating["TEST"] = _citus()
    return {"default": default, "owner": migrating}


def _citus() -> dict[str, Any]:
    """For tests only: the Citus nodes over which the test database is spread, and who may do that."""
    nodes = [n.rpartition(":") for n in os.environ.get("CITUS_WORKERS", "").split(",") if n.strip()]
    if not nodes:
        return {}
    admin = os.environ.get("DATABASE_ADMIN_URL", "")
    if not admin or not os.environ.get("DATABASE_URL"):
        raise SystemExit("已设置 CITUS_WORKERS，但缺少 DATABASE_URL 或 DATABASE_ADMIN_URL（建扩展要用超级用户）。")
    return {"CITUS_WORKERS": [(host.strip(), int(port)) for host, _, port in nodes], "ADMIN_URL": admin}


def _check_connection(connection: Any) -> None:
    from psycopg_pool import ConnectionPool

    ConnectionPool.check_connection(connection)


DATABASES = _databases()

AREAS = [
    "accounts", "mailroom", "catalog", "orders", "purchasing", "logistics", "support", "finance", "compliance",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "daifa.base",
    *[f"daifa.areas.{area}" for area in AREAS],
    "procrastinate.contrib.django",
    "ninja",
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "daifa.entry.urls"
WSGI_APPLICATION = "daifa.entry.wsgi.application"
MIDDLEWARE = [
    "daifa.entry.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "daifa.entry.middleware.content_security",
    "daifa.entry.middleware.tell_time",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "daifa.entry.middleware.tenant_scope",
]
TEMPLATES: list[dict[str, Any]] = []
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

HTTPS = _flag("DAIFA_HTTPS")
SESSION_ENGINE = "daifa.areas.accounts.sessions"
SESSION_COOKIE_NAME = "daifa_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "daifa.entry.middleware.csrf_failed"
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("DAIFA_ORIGINS", "").split(",") if o]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
# How many proxies of ours stand in front; each appends to X-Forwarded-For, which is trusted that far only.
PROXY_HOPS = int(os.environ.get("DAIFA_PROXY_HOPS", "0"))
ALLOWED_HOSTS = [h for h in os.environ.get("DAIFA_HOSTS", "*").split(",") if h]
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_LIMIT = 200 * 1024 * 1024
# Calls of one connection at once; more than its rate allows only wait.
DEED_LANES = int(os.environ.get("DAIFA_LANES", "8"))

WEB_DIST = ROOT / "web" / "dist"
DOCS = ROOT / "docs"
# A simulated world beside draws its pictures on a port of this machine; elsewhere only https is shown.
PICTURES_FROM = "http://127.0.0.1:*" if os.environ.get("DAIFA_CLOCK") else ""
STATIC_URL = "/assets/"
WHITENOISE_ROOT = str(WEB_DIST) if WEB_DIST.exists() else None
WHITENOISE_INDEX_FILE = False

PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_IMPORT_PATHS = [
    "daifa.flows.jobs",
    "daifa.simulator.seeding",
    "daifa.simulator.suppliers_answer",
]

LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS = ["models.W042"]
