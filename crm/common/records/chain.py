"""Sealing the audit, and proving it.

A sealer gives rows that were committed their place in the chain (`seq`, without gaps) and a hash
over the row before, and closes the batch with a keyed seal. A chain proves nothing against who
can take away its end: so its head is printed where the database's administrator cannot reach,
and a check is given that head.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import IntegrityError, connection, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.days.clock import machine_now
from crm.common.records.audit import content_hash, count_hash, keyed
from crm.common.records.models import AuditEvent, AuditSeal, AuditSheet

SHORTEST_HASH = 16
MOST_ROWS = 100_000
log = logging.getLogger(__name__)


class Tampering(models.TextChoices):
    """What was done to the audit."""

    CHANGED = "changed", gettext_lazy("a row was changed")
    DELETED = "deleted", gettext_lazy("rows were taken away")
    CUT = "cut", gettext_lazy("the end was cut off")
    INSERTED = "inserted", gettext_lazy("a row was slipped in")
    ORDER = "order", gettext_lazy("rows do not stand in their order")
    FORGED = "forged", gettext_lazy("a seal was forged")
    REWRITTEN = "rewritten", gettext_lazy("the chain was written anew")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at a moment, as it is printed and exported."""

    seq: int
    hash: str
    time: datetime | None = None
    seal: str = ""

    @property
    def short(self) -> str:
        """What is printed and typed in again: the place and the beginning of the hash."""
        return f"{self.seq}:{self.hash[:SHORTEST_HASH]}"


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check of the whole chain found; `broken_id` is the first row that fails."""

    rows: int
    sealed: int
    unsealed: int
    head: str
    kind: str = ""
    broken_id: int | None = None
    broken_seq: int | None = None
    problem: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether every row stands as it was written."""
        return not self.kind


class _Broken(Exception):
    """The first thing that is not as it was written."""

    def __init__(
        self,
        kind: Tampering,
        problem: str | Promise,
        *,
        row: AuditEvent | None = None,
        seq: int | None = None,
    ) -> None:
        super().__init__(str(problem))
        self.kind = kind
        self.row_id = row.pk if row else None
        self.seq = row.seq if row and seq is None else seq


@dataclass(slots=True)
class _Sheets:
    """The lines seen so far, and how many each sheet says it has."""

    wanted: dict[int, int]
    seen: dict[int, int] = field(default_factory=dict)

    def next_of(self, row: AuditEvent) -> int:
        """Return the line that must come next on the row's sheet."""
        return self.seen.get(row.sheet, 0) + 1

    def missing(self) -> list[tuple[int, int]]:
        """Return sheet and number of lines of what was counted and is not there."""
        return [
            (sheet, rows - self.seen.get(sheet, 0))
            for sheet, rows in self.wanted.items()
            if self.seen.get(sheet, 0) < rows
        ]


def _link(previous: str, seq: int, row: AuditEvent) -> str:
    return hashlib.sha256(f"{previous}:{seq}:{row.pk}:{row.content_hash}".encode()).hexdigest()


def _seal(entry: AuditSeal) -> str:
    at = entry.sealed_at.astimezone(UTC).isoformat()
    return keyed(
        "seal", entry.previous, entry.first_seq, entry.last_seq, entry.rows, entry.head, at
    )


def seal(*, batch: int = 5000) -> int:
    """Give committed rows their place in the chain; return how many.

    Only one sealer works at a time; a second one is told that there is nothing to do. Rows that
    bring a place or a hash nobody gave them are stepped over and named in the log, and `verify`
    finds them: whoever slips one in stops nobody else's rows from being sealed.
    """
    try:
        return _seal_batch(batch)
    except IntegrityError:
        return 0


@transaction.atomic
def _seal_batch(batch: int) -> int:
    newest = AuditSeal.objects.order_by("-last_seq")
    last = newest.select_for_update().first()
    strays = stray_rows(last.last_seq if last else 0)
    if newest.first() != last:  # another sealer was at work while this one waited
        return 0
    if strays:
        names = ", ".join(str(pk) for pk, _seq in strays[:20])
        log.error("audit: %s rows bring a place nobody gave them: %s", len(strays), names)
    first, most = _free_places({seq for _pk, seq in strays}, last.last_seq if last else 0)
    open_rows = AuditEvent.objects.filter(seq=None, chain_hash="").order_by("pk")
    rows = list(open_rows[: min(batch, most)])
    if not rows:
        return 0
    head = last.head if last else ""
    for seq, row in enumerate(rows, start=first):
        row.seq = seq
        row.chain_hash = head = _link(head, seq, row)
    entry = AuditSeal(
        first_seq=first,
        last_seq=first + len(rows) - 1,
        rows=len(rows),
        previous=last.seal if last else "",
        head=head,
        sealed_at=machine_now(),
    )
    entry.seal = _seal(entry)
    entry.save(force_insert=True)
    table = AuditEvent._meta.db_table
    with connection.cursor() as cursor:  # some ten times as fast as bulk_update
        cursor.executemany(
            f"UPDATE {table} SET seq = %s, chain_hash = %s WHERE id = %s",  # noqa: S608
            [(row.seq, row.chain_hash, row.pk) for row in rows],
        )
    return len(rows)


def stray_rows(last: int) -> list[tuple[int, int | None]]:
    """Return number and place of rows that bring a place or a hash beyond the last seal."""
    unplaced = models.Q(seq=None) & ~models.Q(chain_hash="")
    rows = AuditEvent.objects.filter(unplaced | models.Q(seq__gt=last)).order_by("pk")
    return list(rows.values_list("pk", "seq"))


def _free_places(taken: set[int | None], last: int) -> tuple[int, int]:
    """Return the next free place and how many follow one another from there."""
    first = last + 1
    while first in taken:
        first += 1
    above = [seq for seq in taken if seq is not None and seq > first]
    return first, min(above, default=first + MOST_ROWS) - first


def seal_all() -> int:
    """Seal all that is open; return how many rows."""
    total = 0
    while count := seal():
        total += count
    return total


def current_head() -> Head | None:
    """Return the end of the chain, or None while nothing was sealed."""
    last = AuditSeal.objects.order_by("-last_seq").first()
    if last is None:
        return None
    return Head(seq=last.last_seq, hash=last.head, time=last.sealed_at, seal=last.seal)


def verify(expected: Head | None = None) -> VerifyReport:
    """Check every row, and that the chain still holds the head that was printed once.

    Rows written while it works are no reason for alarm: the counts are read before the rows.
    """
    sheets = _Sheets({sheet.pk: sheet.rows for sheet in AuditSheet.objects.all()})
    seals = list(AuditSeal.objects.order_by("first_seq"))
    head = ""
    try:
        head = _check_sealed(seals, sheets, expected)
        _check_end(seals, expected)
        _check_unsealed(seals, sheets)
        _check_counts(sheets)
    except _Broken as broken:
        return _report(seals, head, broken)
    return _report(seals, head, None)


def _check_sealed(seals: list[AuditSeal], sheets: _Sheets, expected: Head | None) -> str:
    """Walk through the chain; return its head."""
    head, previous, seq = "", "", 0
    last = seals[-1].last_seq if seals else 0
    placed = AuditEvent.objects.filter(seq__lte=last).order_by("seq", "pk")
    rows = placed.iterator(chunk_size=2000)
    for entry in seals:
        # Places that somebody else's row took are left out, under the keyed seal.
        if entry.previous != previous or entry.first_seq <= seq or entry.seal != _seal(entry):
            raise _Broken(
                Tampering.FORGED,
                _("the seal of the rows from place %(first)s to %(last)s does not fit")
                % {"first": entry.first_seq, "last": entry.last_seq},
                seq=entry.first_seq,
            )
        for seq in range(entry.first_seq, entry.last_seq + 1):
            head = _check_place(next(rows, None), seq, head, sheets)
            if expected and seq == expected.seq and not head.startswith(expected.hash):
                raise _Broken(
                    Tampering.REWRITTEN,
                    _("up to place %s the chain is not the one whose head was printed") % seq,
                    seq=seq,
                )
        if entry.head != head:
            text = _("the seal of place %s is not the one of its row") % entry.last_seq
            raise _Broken(Tampering.FORGED, text, seq=entry.last_seq)
        previous = entry.seal
    if extra := next(rows, None):
        raise _slipped_in(extra)
    return head


def _check_place(row: AuditEvent | None, seq: int, head: str, sheets: _Sheets) -> str:
    """Check the row that should stand at a place; return the head of the chain there."""
    if row is None:
        text = _("the chain ends before place %s, which was sealed") % seq
        raise _Broken(Tampering.CUT, text, seq=seq)
    if row.seq is None or row.seq < seq:
        raise _slipped_in(row)
    if row.seq > seq:
        text = _("the row at place %s was taken away") % seq
        raise _Broken(Tampering.DELETED, text, row=row, seq=seq)
    _check_content(row, sheets)
    found = _link(head, seq, row)
    if row.chain_hash != found or row.line != sheets.next_of(row):
        raise _out_of_order(row, seq, sheets.next_of(row))
    sheets.seen[row.sheet] = row.line
    return found


def _check_content(row: AuditEvent, sheets: _Sheets) -> None:
    """Check that a row says what was written, and was written by us."""
    if content_hash(row) == row.content_hash:
        return
    if row.line != sheets.next_of(row):
        raise _slipped_in(row)
    raise _Broken(Tampering.CHANGED, _("row %s was changed") % row.pk, row=row)


def _was_sealed(row: AuditEvent) -> bool:
    return row.seq is not None and AuditSeal.objects.filter(last_seq__gte=row.seq).exists()


def _brings_a_place(row: AuditEvent) -> _Broken:
    text = _("row %s brings a place in the chain that nobody gave it") % row.pk
    return _Broken(Tampering.FORGED, text, row=row)


def _slipped_in(row: AuditEvent) -> _Broken:
    return _Broken(Tampering.INSERTED, _("row %s was slipped in") % row.pk, row=row)


def _out_of_order(row: AuditEvent, seq: int, due: int) -> _Broken:
    """Say why a genuine row does not stand where it was: rows before it are gone, or it moved."""
    before = AuditEvent.objects.filter(sheet=row.sheet, line=due).first()
    if before is not None and before.chain_hash and not _was_sealed(before):
        return _brings_a_place(before)
    counted = AuditSheet.objects.aggregate(rows=models.Sum("rows"))["rows"] or 0
    if AuditEvent.objects.count() < counted:
        text = _("a row before place %s was taken away") % seq
        return _Broken(Tampering.DELETED, text, row=row, seq=seq)
    return _Broken(Tampering.ORDER, _("row %s does not stand in its place") % row.pk, row=row)


def _check_end(seals: list[AuditSeal], expected: Head | None) -> None:
    last = seals[-1].last_seq if seals else 0
    if expected and expected.seq > last:
        raise _Broken(
            Tampering.CUT,
            _("the chain ends at place %(last)s; the head that was printed is at %(seq)s")
            % {"last": last, "seq": expected.seq},
            seq=last + 1,
        )


def _check_unsealed(seals: list[AuditSeal], sheets: _Sheets) -> None:
    """Check the rows that have no place yet: what they say, and that no line is missing."""
    highest = 0
    for row in _open_rows(seals):
        _check_content(row, sheets)
        due = sheets.next_of(row)
        if row.line < due:
            raise _slipped_in(row)
        if row.line > due:
            raise _ahead_of(row, due)
        if row.seq is None and row.chain_hash:
            raise _brings_a_place(row)
        sheets.seen[row.sheet] = row.line
        highest = max(highest, row.seq or 0)
    if highest and not AuditSeal.objects.filter(last_seq__gte=highest).exists():
        text = _("place %s was never sealed") % highest
        raise _Broken(Tampering.FORGED, text, seq=highest)


def _ahead_of(row: AuditEvent, due: int) -> _Broken:
    """Say why a row comes before the line that is due on its sheet."""
    if AuditEvent.objects.filter(sheet=row.sheet, line=due).exists():
        return _Broken(Tampering.ORDER, _("row %s does not stand in its place") % row.pk, row=row)
    text = _("%(count)s rows before row %(id)s were taken away")
    text %= {"count": row.line - due, "id": row.pk}
    return _Broken(Tampering.DELETED, text, row=row)


def _open_rows(seals: list[AuditSeal]) -> Iterator[AuditEvent]:
    """Yield what was not sealed when the check began; the sealer may work meanwhile."""
    last = seals[-1].last_seq if seals else 0
    rows = AuditEvent.objects.filter(models.Q(seq=None) | models.Q(seq__gt=last))
    yield from rows.order_by("pk").iterator(chunk_size=2000)


def _check_counts(sheets: _Sheets) -> None:
    """Check that every line that was counted is there, and that the counts are ours."""
    for sheet, count in sheets.missing():
        raise _Broken(
            Tampering.DELETED,
            _("the last %(count)s rows of sheet %(sheet)s were taken away")
            % {"count": count, "sheet": sheet},
        )
    found = list(AuditSheet.objects.all())
    for entry in found:
        if entry.rows and entry.count_hash != count_hash(entry.pk, entry.rows):
            text = _("the count of sheet %s was forged") % entry.pk
            raise _Broken(Tampering.FORGED, text)
    if gone := set(sheets.seen) - {entry.pk for entry in found}:
        text = _("the count of sheet %s was taken away") % min(gone)
        raise _Broken(Tampering.FORGED, text)


def _report(seals: list[AuditSeal], head: str, broken: _Broken | None) -> VerifyReport:
    last = seals[-1].last_seq if seals else 0
    rows = AuditEvent.objects.count()
    sealed = AuditEvent.objects.filter(seq__lte=last).count()
    return VerifyReport(
        rows=rows,
        sealed=sealed,
        unsealed=rows - sealed,
        head=head,
        kind=broken.kind if broken else "",
        broken_id=broken.row_id if broken else None,
        broken_seq=broken.seq if broken else None,
        problem=str(broken) if broken else "",
    )
