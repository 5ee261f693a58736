"""Fourteen ways to tamper with the audit: each is found and called by its name.

Whoever does it has the database, and may switch its triggers off; he has not the key. The head
that was printed yesterday is known to the check.
"""

import hashlib

import pytest

from crm.common.records import audit, chain
from crm.common.records.chain import Tampering
from crm.common.records.models import AuditEvent, AuditSeal, AuditSheet
from tests.common.factories import UserFactory, actor_of
from tests.migrations import triggers_off

pytestmark = pytest.mark.django_db
SEALED, OPEN = 8, 4


def _plain_hash(row):
    return hashlib.sha256(f"{row.verb}{row.after}{row.note}".encode()).hexdigest()


def _write(count):
    user = UserFactory()
    for number in range(count):
        audit.record("test.act", actor=actor_of(user), target=user, after={"n": number})


@pytest.fixture
def book():
    """Eight sealed rows in two batches, and four that wait."""
    _write(SEALED)
    chain.seal(batch=SEALED // 2)
    chain.seal()
    _write(OPEN)
    return AuditEvent.objects.order_by("pk")


def _edit(row, *, with_hash=False):
    row.after = {"n": 99}
    if with_hash:
        row.content_hash = _plain_hash(row)
    row.save()


def edit_sealed(rows):
    _edit(rows[3])


def edit_sealed_with_its_hash(rows):
    _edit(rows[3], with_hash=True)


def delete_in_the_middle(rows):
    rows[3].delete()


def delete_the_tail(rows):
    AuditEvent.objects.filter(seq__gt=6).delete()
    AuditEvent.objects.filter(seq=None).delete()


def delete_the_tail_with_its_seals(rows):
    AuditEvent.objects.filter(seq__gt=4).delete()
    AuditEvent.objects.filter(seq=None).delete()
    AuditSeal.objects.order_by("first_seq").last().delete()
    AuditSheet.objects.update(rows=4)


def insert_forged(rows):
    forged = rows[2]
    forged.pk, forged.seq, forged.line = None, None, 900
    forged.content_hash = _plain_hash(forged)
    forged.save()


def insert_forged_into_the_chain(rows):
    for row in AuditEvent.objects.filter(seq__gt=3).order_by("-seq"):
        AuditEvent.objects.filter(pk=row.pk).update(seq=row.seq + 1)
    forged = rows[2]
    forged.pk, forged.seq, forged.line = None, 4, 900
    forged.save()


def swap(rows):
    one, two = rows[2], rows[4]
    AuditEvent.objects.filter(pk=one.pk).update(seq=None)
    AuditEvent.objects.filter(pk=two.pk).update(seq=one.seq, chain_hash=one.chain_hash)
    AuditEvent.objects.filter(pk=one.pk).update(seq=two.seq, chain_hash=two.chain_hash)


def _rewrite(rows):
    head = ""
    for row in rows.filter(seq__isnull=False):
        row.after = {"n": "nothing happened"}
        row.content_hash = _plain_hash(row)
        row.chain_hash = head = chain._link(head, row.seq, row)
        row.save()
    return head


def rewrite_without_the_key(rows):
    head = _rewrite(rows)
    AuditSeal.objects.all().delete()
    AuditSeal.objects.create(
        first_seq=1,
        last_seq=SEALED,
        rows=SEALED,
        head=head,
        seal=hashlib.sha256(head.encode()).hexdigest(),
        sealed_at=rows[0].at,
    )


def rewrite_with_the_seals_copied(rows):
    _rewrite(rows)


def truncate(rows):
    AuditEvent.objects.all().delete()
    AuditSeal.objects.all().delete()
    AuditSheet.objects.all().delete()


def restore_an_older_copy(rows):
    """The copy was taken after the first batch: rows, seals and counts all fit each other."""
    AuditEvent.objects.exclude(seq__lte=4).delete()
    AuditSeal.objects.order_by("first_seq").last().delete()
    AuditSheet.objects.update(rows=4, count_hash=audit.count_hash(AuditSheet.objects.get().pk, 4))


def edit_unsealed(rows):
    _edit(rows[SEALED + 1])


def edit_unsealed_with_its_hash(rows):
    _edit(rows[SEALED + 1], with_hash=True)


def delete_unsealed(rows):
    rows[SEALED + 1].delete()


def delete_the_newest_unsealed(rows):
    rows.last().delete()


def delete_unsealed_and_lower_the_count(rows):
    rows.last().delete()
    AuditSheet.objects.update(rows=SEALED + OPEN - 1)


def swap_unsealed(rows):
    one, two = rows[SEALED], rows[SEALED + 1]
    AuditEvent.objects.filter(pk=one.pk).update(id=900)
    AuditEvent.objects.filter(pk=two.pk).update(id=one.pk)
    AuditEvent.objects.filter(pk=900).update(id=two.pk)


def insert_below_the_first_id(rows):
    forged = rows[2]
    forged.pk, forged.seq, forged.line = -5, None, 900
    forged.content_hash = _plain_hash(forged)
    forged.save(force_insert=True)


def move_a_row_below_the_first_id(rows):
    AuditEvent.objects.filter(pk=rows[3].pk).update(id=-5)


def take_a_seal_away(rows):
    AuditSeal.objects.order_by("first_seq").last().delete()


def give_a_place_without_a_seal(rows):
    AuditEvent.objects.filter(pk=rows[SEALED].pk).update(seq=900, chain_hash="0" * 64)


def bring_a_hash(rows):
    AuditEvent.objects.filter(pk=rows[SEALED].pk).update(chain_hash="0" * 64)


def take_the_next_place(rows):
    forged = rows[2]
    forged.pk, forged.seq, forged.line = None, SEALED + 1, 900
    forged.save()


WAYS = {
    edit_sealed: Tampering.CHANGED,
    edit_sealed_with_its_hash: Tampering.CHANGED,
    delete_in_the_middle: Tampering.DELETED,
    delete_the_tail: Tampering.CUT,
    delete_the_tail_with_its_seals: Tampering.CUT,
    insert_forged: Tampering.INSERTED,
    insert_forged_into_the_chain: Tampering.INSERTED,
    swap: Tampering.ORDER,
    rewrite_without_the_key: Tampering.FORGED,
    rewrite_with_the_seals_copied: Tampering.CHANGED,
    truncate: Tampering.CUT,
    restore_an_older_copy: Tampering.CUT,
    edit_unsealed: Tampering.CHANGED,
    edit_unsealed_with_its_hash: Tampering.CHANGED,
    delete_unsealed: Tampering.DELETED,
    delete_the_newest_unsealed: Tampering.DELETED,
    delete_unsealed_and_lower_the_count: Tampering.FORGED,
    swap_unsealed: Tampering.ORDER,
    insert_below_the_first_id: Tampering.INSERTED,
    move_a_row_below_the_first_id: Tampering.ORDER,
    take_a_seal_away: Tampering.CUT,
    give_a_place_without_a_seal: Tampering.FORGED,
    bring_a_hash: Tampering.FORGED,
    take_the_next_place: Tampering.INSERTED,
}
# What only a head that was kept elsewhere can tell.
NEEDS_THE_HEAD = {truncate, restore_an_older_copy}


def test_an_untouched_book_is_sound(book):
    assert chain.verify(chain.current_head()).is_sound


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_tampering_is_found_and_named(book, way):
    head = chain.current_head()
    with triggers_off():
        way(book.all())
    report = chain.verify(head)
    assert report.kind == WAYS[way], report.problem
    assert report.problem
    if way not in NEEDS_THE_HEAD:
        assert not chain.verify().is_sound


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_sealing_afterwards_hides_nothing(book, way):
    head = chain.current_head()
    with triggers_off():
        way(book.all())
    chain.seal_all()
    assert not chain.verify(head).is_sound


@pytest.mark.parametrize(
    "way", [insert_forged, bring_a_hash, take_the_next_place, give_a_place_without_a_seal]
)
def test_a_row_that_brings_a_place_is_named_and_stops_no_other(book, way, caplog):
    with triggers_off():
        way(book.all())
    named = [pk for pk, _seq in chain.stray_rows(SEALED)]
    assert len(named) == 1
    _write(3)
    chain.seal_all()
    assert f"nobody gave them: {named[0]}" in caplog.text
    assert set(AuditEvent.objects.filter(seq=None).values_list("pk", flat=True)) <= set(named)
    report = chain.verify()
    assert (report.broken_id, str(named[0]) in report.problem) == (named[0], True)
    with triggers_off():
        AuditEvent.objects.filter(pk__in=named).delete()
    assert chain.verify().is_sound == (way in (insert_forged, take_the_next_place))


def test_the_first_broken_row_is_named(book):
    rows = list(book)
    with triggers_off():
        _edit(rows[5])
        _edit(rows[2])
    report = chain.verify()
    assert (report.broken_id, report.broken_seq) == (rows[2].pk, 3)
    assert str(rows[2].pk) in report.problem


def test_another_key_is_not_ours(book, settings):
    settings.AUDIT_SEAL_KEY = "somebody else's key, fifty characters long, no more no less"
    assert not chain.verify().is_sound
