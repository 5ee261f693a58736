"""Rows nobody could tie to an enterprise: kept for a person, each with the likeliest one."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.common.db.inserting import insert_columns
from crm.common.outbox.jobs import Watch
from crm.common.records.searching import MAX_TERMS, normalise
from crm.models import Enterprise
from profiles.models import ImportBatch, UnknownEnterprise
from profiles.services.reports import ReviewRow

PART = 10_000


def store_review(batch: ImportBatch, rows: list[ReviewRow], watch: Watch, percent: int) -> None:
    """Keep the rows, each with the enterprise the search would name first."""
    if not rows:
        return
    register = Register()
    for start in range(0, len(rows), PART):
        watch.progress(percent, _("Seeking the enterprises of rows to review"))
        part = rows[start : start + PART]
        insert_columns(
            UnknownEnterprise,
            {
                "batch_id": [batch.pk] * len(part),
                "row": [row.row for row in part],
                "code": [row.code for row in part],
                "name": [row.name for row in part],
                "reason": [str(row.reason) for row in part],
                "suggestion_id": [register.first_matching(row.name) for row in part],
            },
        )


class Register:
    """The names of all enterprises at hand, so that a name is sought without a question.

    It answers as `Enterprise.objects.matching(name).first()` does. Pairs of characters lead to
    the few texts in which a term may stand: a made-up name has one that no text has.
    """

    def __init__(self) -> None:
        rows = Enterprise.objects.order_by("pk")
        self.rows = list(rows.values_list("pk", "search_text", "pinyin", "initials"))
        self.places: dict[str, list[int]] = defaultdict(list)
        for place, (_pk, *texts) in enumerate(self.rows):
            for pair in _pairs("\n".join(texts)):
                self.places[pair].append(place)
        self.answers: dict[str, int | None] = {}

    def first_matching(self, name: str) -> int | None:
        """Return the enterprise a search for the name would show first."""
        if name not in self.answers:
            self.answers[name] = self._seek(name)
        return self.answers[name]

    def _seek(self, name: str) -> int | None:
        terms = normalise(name).split()[:MAX_TERMS]
        if not terms:
            return None
        whole = " ".join(terms)
        found = [
            (_rank(whole, *row[1:]), row[0])
            for row in (self.rows[place] for place in self._likely(terms))
            if all(_holds(term, *row[1:]) for term in terms)
        ]
        return min(found)[1] if found else None

    def _likely(self, terms: list[str]) -> Iterable[int]:
        lists = [self.places.get(pair, []) for term in terms for pair in _pairs(term)]
        if not lists:
            return range(len(self.rows))
        return min(lists, key=len)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _holds(term: str, text: str, pinyin: str, initials: str) -> bool:
    if term in text:
        return True
    return term.isascii() and len(term) > 1 and (term in pinyin or term in initials)


def _rank(whole: str, text: str, pinyin: str, initials: str) -> int:
    tests = (
        text == whole,
        text.startswith(whole),
        whole in text,
        initials.startswith(whole),
        pinyin.startswith(whole),
        True,
    )
    return tests.index(True)
