"""The audit: written with the act, chained in batches, proved row by row."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from crm.common.records import audit, chain
from crm.common.records.models import AuditEvent, AuditSheet
from tests.common.factories import UserFactory, actor_of
from tests.migrations import triggers_off

pytestmark = pytest.mark.django_db


def acts(count):
    user = UserFactory()
    for number in range(count):
        audit.record("test.act", actor=actor_of(user), target=user, after={"n": number})
    return list(AuditEvent.objects.order_by("pk"))


def told(*words):
    out = StringIO()
    call_command("verify_audit", *words, stdout=out)
    return out.getvalue()


def test_an_act_that_is_rolled_back_leaves_no_row_and_no_line():
    user = UserFactory()
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record("test.act", actor=actor_of(user), target=user)
        raise RuntimeError
    assert not AuditEvent.objects.exists()
    acts(1)
    assert chain.verify().is_sound


def test_personal_data_is_stored_as_a_hash_that_stays_comparable():
    user = UserFactory()
    first = audit.record("a", actor=actor_of(user), target=user, after={"phone": "13900001111"})
    again = audit.record("b", actor=actor_of(user), target=user, after={"phone": "13900001111"})
    other = audit.record("c", actor=actor_of(user), target=user, after={"phone": "13900002222"})
    assert "13900001111" not in json.dumps(first.after)
    assert first.after == again.after != other.after
    audit.record_many("d", actor=actor_of(user), targets=[user], after={"phone": "13900001111"})
    assert AuditEvent.objects.get(verb="d").after == first.after


def test_sealing_chains_every_row_once():
    acts(7)
    assert chain.seal(batch=3) == 3
    assert chain.seal(batch=100) == 4
    assert chain.seal() == 0
    report = chain.verify()
    assert report.is_sound
    assert (report.rows, report.sealed, report.unsealed) == (7, 7, 0)
    assert list(AuditEvent.objects.order_by("pk").values_list("seq", flat=True)) == [*range(1, 8)]


def test_what_a_row_says_reads_back_as_it_was_hashed():
    user = UserFactory()
    odd = {"float": 1e22, "small": 1e-9, 7: "number as key", "deep": [{"a": 2.50}], "none": None}
    audit.record("test.act", actor=actor_of(user), target=user, after=odd)
    assert chain.verify().is_sound


def test_a_full_sheet_is_followed_by_another(monkeypatch):
    monkeypatch.setattr(audit, "SHEET_ROWS", 3)
    user = UserFactory()
    acts(2)
    audit.record_many("test.many", actor=actor_of(user), targets=[user] * 8)
    assert list(AuditSheet.objects.values_list("rows", flat=True)) == [3, 3, 3, 1]
    assert chain.verify().is_sound
    chain.seal_all()
    assert chain.verify().is_sound


def test_the_command_prints_one_json_object():
    acts(2)
    report = json.loads(told("--json"))
    assert report["sound"] is True
    assert report["rows"] == report["sealed"] == 2


def test_the_command_fails_on_a_broken_chain_and_seals_nothing():
    rows = acts(2)
    with triggers_off():
        AuditEvent.objects.filter(pk=rows[0].pk).update(note="改过")
    with pytest.raises(CommandError, match=str(rows[0].pk)):
        told("--json")
    assert not AuditEvent.objects.exclude(seq=None).exists()


def test_the_head_is_exported_and_compared(tmp_path):
    acts(3)
    kept = tmp_path / "head.json"
    kept.write_text(told("--head"), "utf-8")
    head = json.loads(kept.read_text("utf-8"))
    assert (head["seq"], len(head["hash"]), len(head["seal"])) == (3, 64, 64)
    assert head["time"]
    acts(2)
    told("--head", str(kept))
    told("--expect", f"3:{head['hash'][:16]}")
    with pytest.raises(CommandError, match="3"):
        told("--expect", "3:0123456789abcdef")
    with pytest.raises(CommandError, match=r"5.*9|9.*5"):
        told("--expect", f"9:{head['hash']}")


@pytest.mark.parametrize("words", ["", "3", "3:abc", "x:0123456789abcdef", "3:zzzzzzzzzzzzzzzz"])
def test_what_is_no_head_is_refused_in_words(words, tmp_path):
    acts(1)
    chain.seal_all()
    if words:
        with pytest.raises(CommandError, match=r"head|链头"):
            told("--expect", words)
    kept = tmp_path / "head.json"
    kept.write_text(words, "utf-8")
    with pytest.raises(CommandError, match=r"head\.json"):
        told("--head", str(kept))


def test_without_any_row_there_is_no_head_to_export():
    with pytest.raises(CommandError):
        told("--head")
