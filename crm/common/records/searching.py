"""Search by name, part of a name, code, pinyin and initials; the same on SQLite and PostgreSQL.

Full-text search treats a run of Han characters as one word (it finds 0 of 22 for 光电), so
normalised text with `contains` is used; PostgreSQL adds trigram indexes for speed.
"""

import unicodedata
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from pypinyin import Style, lazy_pinyin

MAX_TERMS = 6


def normalise(text: str) -> str:
    """Fold full-width forms, case and white space."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def search_columns(name: str, *more: str) -> dict[str, str]:
    """Return the three search columns of a record called `name`, findable by `more` as well."""
    folded = normalise(name)
    return {
        "search_text": " ".join(filter(None, [folded, *(normalise(text) for text in more)])),
        "pinyin": "".join(lazy_pinyin(folded)).replace(" ", ""),
        "initials": "".join(lazy_pinyin(folded, style=Style.FIRST_LETTER)).replace(" ", ""),
    }


class SearchableQuerySetMixin:
    """`matching(query)` for models with the columns of `Searchable`."""

    def matching(self: Any, query: str) -> Any:
        """Return the rows in which every term is found, best first."""
        terms = normalise(query).split()[:MAX_TERMS]
        if not terms:
            return self
        found = self
        for term in terms:
            found = found.filter(_term(term))
        whole = " ".join(terms)
        return found.annotate(match_rank=_rank(whole)).order_by("match_rank", "pk")


def _term(term: str) -> Q:
    test = Q(search_text__contains=term)
    if term.isascii() and len(term) > 1:
        test |= Q(pinyin__contains=term) | Q(initials__contains=term)
    return test


def _rank(whole: str) -> Case:
    return Case(
        When(search_text=whole, then=Value(0)),
        When(search_text__startswith=whole, then=Value(1)),
        When(search_text__contains=whole, then=Value(2)),
        When(initials__startswith=whole, then=Value(3)),
        When(pinyin__startswith=whole, then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )
