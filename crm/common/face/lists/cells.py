"""How cells are drawn that are more than a word: links, lamps, amounts, days."""

from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Choices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.common.days import clock
from crm.common.face import formatting

_ANY = 7407


def address(url_name: str, pk: int) -> str:
    """Return where a record is seen; a list asks for it once a row, so the way is found once."""
    before, after = _around(url_name)
    return f"{before}{pk}{after}"


def link(url: str, text: Any, below: Any = "") -> SafeString:
    """Draw the name of a record as the way to its page, with a quieter line below."""
    quiet = format_html('<span class="d-block meta">{}</span>', below) if below else ""
    return format_html('<a class="text-reset fw-6" href="{}">{}</a>{}', url, text, quiet)


def lamp(state: str, text: str | Promise) -> SafeString:
    """Draw a state with its fact in words."""
    return format_html('<span class="as-lamp {}">{}</span>', state, text)


def limit(workdays: int | None) -> SafeString:
    """Draw what is left of a limit in working days."""
    told = formatting.limit_lamp(workdays)
    return lamp(told.state, told.text)


def badge(text: Any, tone: str = "yellow") -> SafeString:
    """Draw a word that stands beside a name because it matters."""
    return format_html(' <span class="badge bg-{}-lt">{}</span>', tone, text)


def yi(fen: int | None) -> SafeString | str:
    """Draw an amount of 分 in 亿元 with its unit; nothing agreed is a dash."""
    if not fen:
        return formatting.UNKNOWN
    unit = _("hundred million yuan")
    return format_html('{}<span class="u">{}</span>', formatting.yi(fen), unit)


def iso_day(value: date | datetime | None) -> str:
    """Write a day as 2024-09-12; an unknown one is left empty."""
    if value is None:
        return ""
    return (clock.local_date(value) if isinstance(value, datetime) else value).isoformat()


def choice(choices: type[Choices], value: Any) -> str:
    """Return the words of a state or kind.

    Django's own get_…_display translates every choice of the field for each row it is asked of.
    """
    return _words(choices, get_language()).get(value, str(value))


@cache
def _around(url_name: str) -> tuple[str, str]:
    """Return what stands before and behind the number of a record in its address."""
    before, _number, after = reverse(url_name, args=[_ANY]).partition(str(_ANY))
    return before, after


@cache
def _words(choices: type[Choices], _language: str | None) -> dict[Any, str]:
    return {value: str(label) for value, label in choices.choices}
