"""Typed reading of environment variables: a bad value stops the start with a sentence."""

import os
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """Return the variable as it stands, stripped of white space."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no variable; anything that is neither is refused."""
    raw = os.environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in _TRUE:
        return True
    if raw in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no: use 1 or 0.")


def whole(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number not below `least`."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from None
    if value < least:
        raise ImproperlyConfigured(f"{name}={value} is below the least allowed, {least}.")
    return value


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return a comma-separated list without blanks."""
    raw = os.environ.get(name)
    if raw is None:
        return list(default)
    return [part.strip() for part in raw.split(",") if part.strip()]


def day(name: str) -> date | None:
    """Return a fixed calendar day (YYYY-MM-DD), or None when the variable is empty."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a date: write it 2024-09-12.") from None


def secret(name: str, *, fallback_file: Path, required: bool) -> str:
    """Return a secret from the environment or, on a single machine, from a file made once.

    Raises ImproperlyConfigured when `required` and the variable is missing or shorter than
    50 characters: a production secret must be chosen, never left to chance.
    """
    raw = os.environ.get(name, "").strip()
    if raw:
        if required and len(raw) < 50:
            raise ImproperlyConfigured(f"{name} has {len(raw)} characters: it needs 50 at least.")
        return raw
    if required:
        raise ImproperlyConfigured(f"{name} is not set: production needs one of 50 characters.")
    if not fallback_file.exists():
        fallback_file.parent.mkdir(parents=True, exist_ok=True)
        fallback_file.write_text(os.urandom(40).hex(), encoding="ascii")
        fallback_file.chmod(0o600)
    return fallback_file.read_text(encoding="ascii").strip()


def database(name: str, *, default_file: Path) -> dict[str, object]:
    """Return Django's DATABASES entry from a URL: sqlite:///path or postgres://user:pw@host/db."""
    raw = os.environ.get(name, "").strip() or f"sqlite:///{default_file}"
    url = urlsplit(raw)
    if url.scheme == "sqlite":
        return _sqlite(unquote(url.path[1:]) or ":memory:")
    if url.scheme in {"postgres", "postgresql"}:
        options = dict(parse_qsl(url.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": options.pop("host", unquote(url.hostname or "")),
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ImproperlyConfigured(
        f"{name} begins with {url.scheme!r}: use sqlite:///file or postgres://user:password@host/name."
    )


def _sqlite(path: str) -> dict[str, object]:
    # WAL and an immediate lock let web and worker share one file without "database is locked".
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-64000;PRAGMA temp_store=MEMORY;PRAGMA mmap_size=268435456;"
            ),
        },
    }
