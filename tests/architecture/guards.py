"""What the house forbids, as functions: each takes what it judges and returns the sentences.

The tests call every guard twice: on the product, where it must find nothing, and on a planted
breach, where it must find it.
"""

import ast
import re
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.db import models
from django.urls import URLPattern, URLResolver

from crm.common.people.scoping import ScopedQuerySet

ROOT = Path(__file__).resolve().parent.parent.parent
# The import order; the label of crm.common is "common".
LABELS = ("common", "crm", "projects", "issues", "profiles", "policy_match", "cms")
ROOMS = LABELS[1:]
MODEL_SIGNALS = frozenset(
    {
        "class_prepared", "m2m_changed", "post_delete", "post_init", "post_migrate", "post_save",
        "pre_delete", "pre_init", "pre_migrate", "pre_save",
    }
)  # fmt: skip
PRIVATE_SHELVES = frozenset(
    {
        "views", "forms", "tables", "filters", "api", "tasks", "subscribers", "staff_urls",
        "portal_urls", "public_urls",
    }
)  # fmt: skip
_HANDLER = re.compile(r"<[a-z][^>]*?\s(on[a-z]+)\s*=", re.I)
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\b(?:src|type=\"application/json\"))[^>]*>", re.I)


def sources(root: Path, rooms: Iterable[str] = ROOMS) -> Iterator[Path]:
    """Yield the product's Python files, migrations left out."""
    for room in rooms:
        for path in sorted((root / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def back_doors(root: Path) -> list[str]:
    """Return the imports of another room's private shelves, inside functions too."""
    problems = []
    for path in sources(root):
        room = path.relative_to(root).parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for parts in (name.split(".") for name in names):
                if parts[0] in ROOMS and parts[0] != room and set(parts[1:2]) & PRIVATE_SHELVES:
                    problems.append(f"{path.relative_to(root)}:{node.lineno} {'.'.join(parts)}")
    return problems


def upward_keys(found: Iterable[type[models.Model]]) -> list[str]:
    """Return the relations that point from a lower room to a higher one."""
    problems = []
    for model in found:
        own = model._meta.app_label
        for field in [*model._meta.fields, *model._meta.local_many_to_many]:
            if not field.is_relation or field.related_model is None:
                continue
            other = field.related_model._meta.app_label
            if own in LABELS and other in LABELS and LABELS.index(other) > LABELS.index(own):
                problems.append(
                    f"{model._meta.label}.{field.name} -> {field.related_model.__name__}"
                )
    return problems


def views_of(patterns: Iterable, prefix: str = "") -> Iterator[tuple[str, object, URLPattern]]:
    """Yield every URL with its view, the whole tree down."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views_of(pattern.url_patterns, route)
        else:
            yield route, pattern.callback, pattern


def without_door(patterns: Iterable, excused: Iterable[str] = ()) -> list[str]:
    """Return the URLs whose view does not say who may enter."""
    return [
        f"{route} ({view.__module__})"
        for route, view, _ in views_of(patterns)
        if getattr(view, "door", None) is None and not route.startswith(tuple(excused))
    ]


def without_scope(found: Iterable[type[models.Model]]) -> list[str]:
    """Return the business models whose QuerySet does not say whose rows are whose."""
    problems = []
    for model in found:
        rows = type(model._default_manager.all())
        open_ = getattr(rows, "seen_by", None) is not ScopedQuerySet.seen_by
        own = getattr(rows, "visible_to", None) is not ScopedQuerySet.visible_to
        if not issubclass(rows, ScopedQuerySet) or not (open_ or own):
            problems.append(model._meta.label)
    return problems


def signal_use(path: Path) -> list[str]:
    """Return the lines of a file that listen to model signals."""
    problems = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = {alias.name for alias in node.names}
            listens = module.startswith("django.db.models.signals") or (
                module.startswith("django.dispatch") and "receiver" in names
            )
            if listens or (module == "django.db.models" and "signals" in names):
                problems.append(f"{path}:{node.lineno} imports {module}")
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "connect"
            and ast.unparse(node.func.value).rsplit(".", 1)[-1] in MODEL_SIGNALS
        ):
            problems.append(f"{path}:{node.lineno} connects a receiver")
    return problems


def live_receivers(signals: Iterable) -> list[str]:
    """Return the receivers of our rooms that hang on the given signals right now."""
    problems = []
    for signal in signals:
        for entry in signal.receivers:
            held = entry[1]
            receiver = held() if isinstance(held, weakref.ReferenceType) else held
            module = getattr(receiver, "__module__", "") or ""
            if module.split(".")[0] in ROOMS:
                problems.append(f"{module}.{getattr(receiver, '__qualname__', receiver)}")
    return problems


def save_overrides(path: Path) -> list[str]:
    """Return the classes of a models file that hide work in save() or delete()."""
    return [
        f"{path}:{method.lineno} {klass.name}.{method.name}"
        for klass in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(klass, ast.ClassDef)
        for method in klass.body
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete"}
        if not _only_refuses(method)
    ]


def _only_refuses(method: ast.FunctionDef) -> bool:
    """Tell whether a method does nothing but raise: append-only rows may refuse."""
    body = [node for node in method.body if not isinstance(node, ast.Expr)]
    return bool(body) and isinstance(body[-1], ast.Raise)


def inline_script(text: str) -> list[str]:
    """Return the handlers and scripts inside a page, which our content policy would block."""
    found = [match[1] for match in _HANDLER.finditer(text)]
    return found + [match[0] for match in _INLINE_SCRIPT.finditer(text)]


def unreachable(machine) -> set[str]:
    """Return the states of a machine that no chain of moves reaches."""
    return set(machine.labels) - machine.reachable()


def too_long(path: Path, limit: int = 400) -> str:
    """Return a sentence when a file has outgrown its shelf."""
    lines = len(path.read_text("utf-8").splitlines())
    return f"{path} has {lines} lines" if lines > limit else ""


def migration_problems(path: Path) -> list[str]:
    """Return what is wrong with a migration: a name nobody chose, a step nobody can undo."""
    problems = [f"{path.name}: name it after what it does"] if "_auto_" in path.name else []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith(
            ("RunPython", "RunSQL")
        ):
            continue
        words = {keyword.arg for keyword in node.keywords}
        if len(node.args) < 2 and not words & {"reverse_code", "reverse_sql", "elidable"}:
            problems.append(f"{path}:{node.lineno} cannot be undone and is not elidable")
    return problems
