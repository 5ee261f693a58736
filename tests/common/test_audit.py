"""The audit: written with the act, chained in batches, proved row by row."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from crm.common.records import audit
from crm.common.records.models import AuditEvent, AuditSeal
from tests.common.factories import UserFactory, actor_of

pytestmark = pytest.mark.django_db


def acts(count):
    user = UserFactory()
    for number in range(count):
        audit.record("test.act", actor=actor_of(user), target=user, after={"n": number})
    return list(AuditEvent.objects.order_by("pk"))


def test_an_act_that_is_rolled_back_leaves_no_row():
    user = UserFactory()
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("test.act", actor=actor_of(user), target=user)
        raise RuntimeError
    assert not AuditEvent.objects.exists()


def test_personal_data_is_stored_as_a_hash_that_stays_comparable():
    user = UserFactory()
    first = audit.record("a", actor=actor_of(user), target=user, after={"phone": "13900001111"})
    again = audit.record("b", actor=actor_of(user), target=user, after={"phone": "13900001111"})
    other = audit.record("c", actor=actor_of(user), target=user, after={"phone": "13900002222"})
    assert "13900001111" not in json.dumps(first.after)
    assert first.after == again.after != other.after


def test_sealing_chains_every_row_once():
    acts(7)
    assert audit.seal(batch=3) == 3
    assert audit.seal(batch=100) == 4
    assert audit.seal() == 0
    report = audit.verify()
    assert report.is_sound
    assert (report.rows, report.sealed, report.unsealed) == (7, 7, 0)


@pytest.mark.parametrize("number", [0, 3, 6])
def test_a_changed_row_is_named(number):
    rows = acts(7)
    audit.seal()
    AuditEvent.objects.filter(pk=rows[number].pk).update(after={"n": 99})
    assert audit.verify().broken_id == rows[number].pk


def test_a_changed_row_whose_hashes_were_recomputed_is_still_found():
    rows = acts(4)
    audit.seal()
    row = rows[1]
    row.after = {"n": 99}
    row.content_hash = audit.content_hash(row)
    row.save()
    assert audit.verify().broken_id == row.pk


def test_a_removed_row_is_noticed_wherever_it_stood():
    for number in (0, 2, 4):
        AuditEvent.objects.all().delete()
        AuditSeal.objects.all().delete()
        rows = acts(5)
        audit.seal()
        rows[number].delete()
        assert not audit.verify().is_sound


def test_a_change_before_sealing_is_found_too():
    rows = acts(2)
    AuditEvent.objects.filter(pk=rows[0].pk).update(verb="test.other")
    assert audit.verify().broken_id == rows[0].pk


def test_a_chain_rebuilt_without_the_key_does_not_pass(settings):
    acts(3)
    settings.AUDIT_SEAL_KEY = "somebody else's key, fifty characters long, no more no less"
    audit.seal()
    settings.AUDIT_SEAL_KEY = "the city's own key, which the forger does not know at all"
    assert not audit.verify().is_sound


def test_the_command_prints_one_json_object():
    acts(2)
    out = StringIO()
    call_command("verify_audit", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["sound"] is True
    assert told["rows"] == told["sealed"] == 2


def test_the_command_fails_on_a_broken_chain():
    rows = acts(2)
    audit.seal()
    AuditEvent.objects.filter(pk=rows[0].pk).update(note="改过")
    with pytest.raises(CommandError, match=str(rows[0].pk)):
        call_command("verify_audit", "--json", stdout=StringIO())
