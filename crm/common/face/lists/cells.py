"""How cells are drawn that are more than a word: links, lamps, amounts, days."""

from datetime import date, datetime
from functools import cache, lru_cache
from html import escape
from typing import Any

from django.db.models import Choices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.common.days import clock
from crm.common.face import formatting

_ANY = 7407


def markup(*parts: str) -> SafeString:
    """Join tags of our own with texts that `safe` passed; a list draws hundreds of them."""
    return mark_safe("".join(parts))  # noqa: S308 - each text went through `safe`


def safe(text: Any) -> str:
    """Return a text for use between tags or in an attribute: escaped, unless it is markup.

    Django's own escape asks of each text whether it waits for its translation; here it is
    written at once, which takes a third of the time.
    """
    return text if isinstance(text, SafeString) else escape(str(text))


def address(url_name: str, pk: int) -> str:
    """Return where a record is seen; a list asks for it once a row, so the way is found once."""
    before, after = _around(url_name)
    return f"{before}{pk}{after}"


def link(url: str, text: Any, below: Any = "") -> SafeString:
    """Draw the name of a record as the way to its page, with a quieter line below."""
    quiet = f'<span class="d-block meta">{safe(below)}</span>' if below else ""
    return markup(f'<a class="text-reset fw-6" href="{safe(url)}">{safe(text)}</a>', quiet)


def lamp(state: str, text: str | Promise) -> SafeString:
    """Draw a state with its fact in words."""
    return _lamp(state, str(text))


def limit(workdays: int | None) -> SafeString:
    """Draw what is left of a limit in working days."""
    told = formatting.limit_lamp(workdays)
    return lamp(told.state, told.text)


def badge(text: Any, tone: str = "yellow") -> SafeString:
    """Draw a word that stands beside a name because it matters."""
    return markup(f' <span class="badge bg-{safe(tone)}-lt">{safe(text)}</span>')


def yi(fen: int | None) -> SafeString | str:
    """Draw an amount of 分 in 亿元 with its unit; nothing agreed is a dash."""
    if not fen:
        return formatting.UNKNOWN
    return markup(safe(formatting.yi(fen)), _unit_of_yi(get_language()))


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


@lru_cache(maxsize=2048)
def _lamp(state: str, text: str) -> SafeString:
    return markup(f'<span class="as-lamp {safe(state)}">{safe(text)}</span>')


@cache
def _unit_of_yi(_language: str | None) -> str:
    return f'<span class="u">{safe(_("hundred million yuan"))}</span>'


@cache
def _around(url_name: str) -> tuple[str, str]:
    """Return what stands before and behind the number of a record in its address."""
    before, _number, after = reverse(url_name, args=[_ANY]).partition(str(_ANY))
    return before, after


@cache
def _words(choices: type[Choices], _language: str | None) -> dict[Any, str]:
    return {value: str(label) for value, label in choices.choices}
