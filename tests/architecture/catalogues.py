"""Which words of the product the Chinese catalogue lacks, found without gettext's tools."""

import ast
import re
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from tests.architecture import guards

_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURALS = {"ngettext", "ngettext_lazy"}
_CONTEXTS = {"pgettext", "pgettext_lazy"}
_LITERAL = r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_TEMPLATE_CALL = re.compile(rf"\b(p?n?gettext|_)\(\s*{_LITERAL}(?:\s*,\s*{_LITERAL})?", re.S)


def words_of_python(text: str) -> set[tuple[str, str]]:
    """Return (context, msgid) of every translated literal of a module."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        given = [value for value in given if isinstance(value, str)]
        if name in _CALLS | _PLURALS and given:
            found.add(("", given[0]))
        elif name in _CONTEXTS and len(given) > 1:
            found.add((given[0], given[1]))
    return found


def words_of_template(text: str) -> set[tuple[str, str]]:
    """Return (context, msgid) of every translated phrase of a template."""
    found = set()
    for call, first, second in _TEMPLATE_CALL.findall(templatize(text)):
        if call.startswith("p"):
            found.add((ast.literal_eval(first), ast.literal_eval(second)))
        else:
            found.add(("", ast.literal_eval(first)))
    return found


def words_of_product(root: Path) -> dict[tuple[str, str], str]:
    """Return each phrase with the file that says it."""
    found = {}
    for path in guards.sources(root):
        for key in words_of_python(path.read_text("utf-8")):
            found[key] = str(path.relative_to(root))
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            for key in words_of_template(path.read_text("utf-8")):
                found[key] = str(path.relative_to(root))
    return {key: place for key, place in found.items() if key[1].strip()}


def missing(said: dict[tuple[str, str], str], catalogue: polib.POFile) -> list[str]:
    """Return the phrases without a hand-checked translation."""
    known = {
        (entry.msgctxt or "", entry.msgid)
        for entry in catalogue
        if entry.translated() and not entry.obsolete
    }
    return sorted(f"{place}: {key[1]!r}" for key, place in said.items() if key not in known)
