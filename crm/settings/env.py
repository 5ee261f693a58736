"""Typed reading of environment variables: a bad value stops the start with a sentence."""

import os
import re
from datetime import date
from ipaddress import ip_network
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


def whole(name: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
    """Return a whole number from `least` to `most`."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    if not re.fullmatch(r"-?[0-9]{1,12}", raw, re.ASCII):
        raise ImproperlyConfigured(
            f"{name}={raw!r} is not a whole number: use one from {least} to {most}."
        )
    value = int(raw)
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name}={value} is out of reach: use {least} to {most}.")
    return value


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Return one of the allowed words, whatever its case."""
    raw = text(name).upper() or default
    if raw not in allowed:
        raise ImproperlyConfigured(f"{name}={raw!r} is not known: use one of {', '.join(allowed)}.")
    return raw


def address(name: str, default: str) -> str:
    """Return an address of a site: scheme and host, without a slash at the end."""
    return _site(name, text(name) or default)


def _site(name: str, given: str) -> str:
    raw = given.rstrip("/")
    try:
        url = urlsplit(raw)
        good = url.scheme in {"http", "https"} and url.hostname and (url.port or 1)
    except ValueError:
        good = False
    if not good or url.path or url.query or url.fragment or re.search(r"\s|@", raw):
        raise ImproperlyConfigured(
            f"{name}={raw!r} is not the address of a site: write it https://anshang.example.gov.cn."
        )
    return raw


def addresses(name: str) -> list[str]:
    """Return a comma-separated list of addresses of sites."""
    return [_site(name, one) for one in words(name)]


def service(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """Return the address of a service, which begins with one of the schemes."""
    raw = text(name) or default
    try:
        url = urlsplit(raw)
        good = not raw or (url.scheme in schemes and url.hostname and (url.port or 1))
    except ValueError:
        good = False
    if not good:
        ways = ", ".join(f"{scheme}://host" for scheme in schemes)
        raise ImproperlyConfigured(f"{name} is not the address of such a service: use {ways}.")
    return raw


def some(name: str, allowed: tuple[str, ...]) -> list[str]:
    """Return a comma-separated list of words, each one of the allowed."""
    chosen = words(name)
    for word in chosen:
        if word not in allowed:
            raise ImproperlyConfigured(
                f"{name}: “{word}” is not known: use some of {', '.join(allowed)}."
            )
    return chosen


def rates(name: str, default: str) -> str:
    """Return limits of tries: how many, in what time, for whom, as 10/m/ip,5/300s/key."""
    raw = text(name) or default
    for part in raw.split(","):
        if not re.fullmatch(r"[1-9][0-9]{0,5}/[1-9]?[0-9]{0,5}[smhd]/(ip|key|user)", part):
            raise ImproperlyConfigured(
                f"{name}={raw!r}: “{part}” is no limit. Write tries/time/for whom, such as "
                "10/m/ip,5/300s/key (s, m, h or d; ip, key or user)."
            )
    return raw


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return a comma-separated list without blanks."""
    raw = os.environ.get(name)
    if raw is None:
        return list(default)
    return [part.strip() for part in raw.split(",") if part.strip()]


def networks(name: str) -> list[str]:
    """Read networks or single addresses, separated by commas, such as 10.1.0.0/16."""
    found = words(name)
    for one in found:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} is {one!r}, which is no network: write such as 10.1.0.0/16."
            ) from None
    return found


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
    try:
        url = urlsplit(raw)
        port = str(url.port or "")
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} cannot be read (is the port a number, the host without brackets?): write it "
            "postgres://user:password@host:5432/name."
        ) from None
    if url.scheme == "sqlite":
        return _sqlite(unquote(url.path[1:]) or ":memory:")
    if url.scheme in {"postgres", "postgresql"}:
        if not url.path.strip("/"):
            raise ImproperlyConfigured(
                f"{name} names no database: write it postgres://user:password@host:5432/name."
            )
        options = dict(parse_qsl(url.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": options.pop("host", unquote(url.hostname or "")),
            "PORT": port,
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


def hold_in_production(*, engine: object, debug: bool, today: date | None) -> None:
    """Refuse what is good for a try-out and wrong for a city.

    Raises ImproperlyConfigured for debug pages, a day that stands still, and a database file:
    several machines cannot share one, and it has no roles that guard the audit.
    """
    if debug:
        raise ImproperlyConfigured(
            "ANSHANG_DEBUG=1 shows everybody the inside: leave it out in production."
        )
    if today is not None:
        raise ImproperlyConfigured(
            f"ANSHANG_TODAY={today} holds the date still: leave it out in production."
        )
    if "sqlite" in str(engine):
        raise ImproperlyConfigured(
            "DATABASE_URL names a file (SQLite): production needs "
            "postgres://user:password@host:5432/name."
        )
