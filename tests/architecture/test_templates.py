"""Templates are source: short lines, the components instead of raw markup, no rules of an object."""

import re

import pytest

from tests.architecture import guards

TEMPLATES = guards.ROOT / "templates"
LONGEST = 160
_ALONE = "stands alone: it is sent when nothing else may work"
_PRINT = "a print view without any style: it becomes a document of an office suite"
_MODEL = "moves to a property with the room's models"
_PART = "what a component was given to look like"
_LANG = "the tag of the language as HTML spells it"
_ALLAUTH = "the vocabulary of another package's elements"
_CHOICE = "which of the page's own choices is marked; no rule of a record"

# Raw markup outside templates/cotton: (template, what) -> why. A stale line fails.
RAW_ALLOWED = {
    ("500.html", "card"): _ALONE,
    ("403_csrf.html", "card"): _ALONE,
    ("cms/bulletin_print.html", "table"): _PRINT,
    ("common/styleguide.html", "table"): "the two numbers of a sample chart, bare on purpose",
    ("issues/issue_log.html", "page header"): "the phone form has its own narrow frame",
}
# Comparisons with a literal: (template, comparison) -> why. A stale line fails.
COMPARED_ALLOWED = {
    ("403_csrf.html", "LANGUAGE_CODE ~ zh-hans"): _LANG,
    ("500.html", "LANGUAGE_CODE ~ zh-hans"): _LANG,
    ("allauth/elements/button.html", "attrs.tags ~ cancel"): _ALLAUTH,
    ("allauth/elements/button.html", "attrs.tags ~ link"): _ALLAUTH,
    ("allauth/elements/button.html", "attrs.tags ~ secondary"): _ALLAUTH,
    ("allauth/elements/field.html", "attrs.type ~ checkbox"): _ALLAUTH,
    ("allauth/elements/field.html", "attrs.type ~ radio"): _ALLAUTH,
    ("allauth/elements/field.html", "attrs.type ~ textarea"): _ALLAUTH,
    ("cotton/cells.html", "cell.state ~ iss"): _PART,
    ("cotton/close_rail.html", "step.state ~ done"): _PART,
    ("cotton/close_rail.html", "step.state ~ late"): _PART,
    ("cotton/close_rail.html", "step.state ~ now"): _PART,
    ("cotton/form_card.html", "method ~ post"): _PART,
    ("cotton/job.html", "job.state ~ done"): _MODEL,
    ("cotton/job.html", "job.state ~ cancelled"): _MODEL,
    ("cotton/keys_dialog.html", "shell.shortcuts ~ off"): _MODEL,
    ("cotton/lamp.html", "state ~ done"): _PART,
    ("cotton/lamp.html", "state ~ hold"): _PART,
    ("cotton/lamp.html", "state ~ miss"): _PART,
    ("cotton/lamp.html", "state ~ no"): _PART,
    ("cotton/lamp.html", "state ~ ok"): _PART,
    ("cotton/lamp.html", "state ~ over"): _PART,
    ("cotton/lamp.html", "state ~ risk"): _PART,
    ("cotton/lamp.html", "state ~ todo"): _PART,
    ("cotton/note.html", "tone ~ blue"): _PART,
    ("cotton/note.html", "tone ~ red"): _PART,
    ("cotton/stage_rail.html", "step.state ~ done"): _PART,
    ("cotton/stage_rail.html", "step.state ~ now"): _PART,
    ("cotton/stage_rail.html", "step.state ~ risk"): _PART,
    ("cotton/strip_item.html", "lamp ~ over"): _PART,
    ("issues/issue_log.html", "one.value ~ stopped"): _MODEL,
}
_RAW = {
    "card": re.compile(r"""\sclass\s*=\s*["'](?:[^"']*\s)?card(?=[\s"'])"""),
    "table": re.compile(r"<table\b"),
    "page header": re.compile(r"""\sclass\s*=\s*["'][^"']*\bpage-header\b"""),
    "tabs": re.compile(r"""\sclass\s*=\s*["'][^"']*\bnav-segmented\b"""),
    "lamp": re.compile(r"""\sclass\s*=\s*["'][^"']*\bas-lamp\b"""),
}
_FIELDS = re.compile(r"as_field_group|field_widget|<textarea|<c-|<select|data-as-|enctype")
_TAG = re.compile(r"\{%\s*(?:if|elif)\s+(.*?)\s*%\}", re.S)
_LITERAL = r"""(?:"[^"]*"|'[^']*')"""
_COMPARED = re.compile(
    rf"""(?<![\w.|"'])([A-Za-z_][\w.]*(?:\|\w+(?::(?:{_LITERAL}|[\w.]+))?)*)\s*(?:==|!=|\bin\b|\bnot\s+in\b)\s*({_LITERAL})"""
    rf"""|({_LITERAL})\s*(?:==|!=|\bin\b|\bnot\s+in\b)\s*([A-Za-z_][\w.]*)"""
)


def _pages(root):
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*.html")}


def long_lines(name: str, text: str) -> list[str]:
    """Return the lines nobody can read in a review."""
    return [
        f"{name}:{number} has {len(line)} characters"
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > LONGEST
    ]


def raw_markup(name: str, text: str) -> set[tuple[str, str]]:
    """Return what a template outside the components writes by hand though a component exists."""
    if name.startswith("cotton/"):
        return set()
    found = {(name, what) for what, pattern in _RAW.items() if pattern.search(text)}
    for part in text.split("<form")[1:]:
        form = part.split("</form>")[0]
        if 'method="post"' in form and form.count("<button") == 1 and not _FIELDS.search(form):
            found.add((name, "action"))
    return found


def comparisons(name: str, text: str) -> set[tuple[str, str]]:
    """Return the conditions that compare with a literal what the object should answer itself."""
    found = set()
    for condition in _TAG.findall(text):
        for left, literal, other, right in _COMPARED.findall(condition):
            pair = (left, literal) if left else (right, other)
            found.add((name, f"{pair[0]} ~ {pair[1][1:-1]}"))
    return found


def _all(find):
    return set().union(*(find(name, text) for name, text in _pages(TEMPLATES).items()))


def test_no_line_is_too_long():
    pages = _pages(TEMPLATES)
    assert len(pages) > 100
    assert [told for name, text in pages.items() for told in long_lines(name, text)] == []


def test_rooms_use_the_components():
    assert sorted(_all(raw_markup) - set(RAW_ALLOWED)) == []


def test_templates_ask_the_object_instead_of_comparing():
    assert sorted(_all(comparisons) - set(COMPARED_ALLOWED)) == []


def test_no_exception_is_stale():
    assert sorted(set(RAW_ALLOWED) - _all(raw_markup)) == []
    assert sorted(set(COMPARED_ALLOWED) - _all(comparisons)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<section class="card mb-3"><p>x</p></section>', "card"),
        ("<form id='f' {% if a > 1 %}hidden{% endif %} class=\"card\">", "card"),
        ('<div>\n  <article\n    class="\n      card\n    "\n  >', "card"),
        ("<table><tr><td>1</td></tr></table>", "table"),
        ('<div class="as-x page-header">', "page header"),
        ('<div class="nav-segmented">', "tabs"),
        ('<span class="as-lamp ok">on time</span>', "lamp"),
        ('<form method="post">{% csrf_token %}<button>Done</button></form>', "action"),
    ],
)
def test_planted_raw_markup_is_found(text, what):
    assert raw_markup("issues/planted.html", text) == {("issues/planted.html", what)}
    assert raw_markup("cotton/planted.html", text) == set()


def test_parts_of_components_are_not_taken_for_them():
    page = '<c-card class="card-like"><div class="card-body"></div></c-card><a class="as-card">'
    page += '<form method="post">{{ form.name.as_field_group }}<button>Send</button></form>'
    assert raw_markup("issues/planted.html", page) == set()


def test_a_planted_long_line_is_found():
    assert long_lines("a.html", f"<p>\n{'x' * 161}\n</p>") == ["a.html:2 has 161 characters"]
    assert long_lines("a.html", "x" * 160) == []


@pytest.mark.parametrize(
    "condition",
    [
        "issue.status == 'closed'",
        'actor.role != "agent"',
        "a and 'closed' == issue.status",
        "issue.status in 'open closed'",
        "issue.status|lower == 'closed'",
    ],
)
def test_a_planted_comparison_is_found(condition):
    for tag in ("if", "elif"):
        assert len(comparisons("a.html", f"{{% {tag} {condition} %}}")) == 1


def test_asking_the_object_is_no_comparison():
    page = "{% if issue.is_closed %}{% elif page.number == 1 %}{% if a|default:'x' %}"
    assert comparisons("a.html", page) == set()
