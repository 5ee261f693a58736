"""From the words of a clause to a message that says why."""

import json
from datetime import date, timedelta
from html import unescape
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox import sending
from crm.common.outbox.models import Recipient
from crm.common.people.enums import Role
from crm.common.records.transitions import MoveRefused
from policy_match.models import ClauseVersion, Match, Policy, Push
from policy_match.selectors import in_force, latest_run
from policy_match.services import (
    ClauseInput,
    draft_version,
    publish_version,
    push_matches,
    register_clause,
    run_match,
)
from profiles.services import build_snapshot
from tests.crm.factories import AT, EnterpriseFactory, acting, member_of, staff
from tests.policy_match.cast import CLAUSE, DAY, SYSTEM, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def test_everybody_is_judged_and_the_amount_is_counted_to_the_fen(cast):
    rich, poor, small, unknown = (EnterpriseFactory() for _n in range(4))
    cast.know(rich, revenue=4260, rd=287)
    cast.know(poor, revenue=4260, rd=213)
    cast.know(small, revenue=1000, rd=60)
    run = cast.run()
    states = {m.enterprise_id: (m.state, m.amount_fen) for m in run.matches.all()}
    assert states[rich.pk] == ("eligible", 10_000_000)
    assert states[poor.pk][0] == "one_step"
    # 60 - 5 % of 1,000 is 10; a fifth of it is 2 万元.
    assert states[small.pk] == ("eligible", 2_000_000)
    assert states[unknown.pk] == ("unknown", None)
    assert run.judged == 4


def test_the_enterprise_is_told_once_with_its_own_figures(cast, client):
    enterprise = EnterpriseFactory()
    member, other = member_of(enterprise), member_of(EnterpriseFactory())
    cast.know(enterprise, revenue=4260, rd=287)
    run = cast.run()
    assert len(push_matches(actor=cast.editor, run=run, at=AT)) == 1
    assert push_matches(actor=cast.editor, run=run, at=AT) == []
    push = Push.objects.get()
    assert "4,260 万元" in push.reason
    assert "6.74%" in push.reason
    assert "超过4%" not in push.reason
    assert [n.user for n in Recipient.objects.all()] == [member]
    sending.deliver_due()
    assert push.reason in mail.outbox[0].body
    url = reverse("portal:policy_match:push_detail", args=[push.pk])
    client.force_login(other)
    assert client.get(url).status_code == 404
    client.force_login(member)
    assert push.reason in unescape(client.get(url).content.decode())


def test_the_author_does_not_sign_the_own_rule(cast):
    version = cast.submitted()
    ClauseVersion.objects.filter(pk=version.pk).update(author=cast.leader.user_id)
    version.refresh_from_db()
    with pytest.raises(NotAllowedError):
        publish_version(actor=cast.leader, clause_version=version, at=AT)
    with pytest.raises(NotAllowedError):
        publish_version(actor=cast.editor, clause_version=version, at=AT)


def test_a_condition_is_tied_to_words_that_stand_in_the_clause(cast):
    when = {"cmp": ["ge", {"of": "main_revenue", "over": "Y"}, "1 万元"]}
    with pytest.raises(UserFacingError, match="9000"):
        cast.draft({"version": 2, "when": {**when, "cites": [8990, 9000]}})
    with pytest.raises(UserFacingError, match="profit"):
        cast.draft({"version": 2, "when": {"is": ["profit", True]}})
    assert not ClauseVersion.objects.exists()


def test_a_new_version_supersedes_the_one_before(cast):
    first, second = cast.published(), cast.published()
    first.refresh_from_db()
    assert (first.status, second.status, second.number) == ("superseded", "published", 2)
    with pytest.raises(MoveRefused):
        publish_version(actor=cast.leader, clause_version=first, at=AT)


def test_a_stranger_drafts_nothing_and_runs_nothing(cast):
    agent = acting(staff(Role.AGENT))
    with pytest.raises(NotAllowedError):
        draft_version(actor=agent, clause=cast.clause, rule={}, benefit={}, at=AT)
    run = cast.run()
    with pytest.raises(NotAllowedError):
        push_matches(actor=agent, run=run, at=AT)
    with pytest.raises(NotAllowedError):
        run_match(actor=agent, snapshot=run.snapshot, at=AT)


def test_the_same_data_is_the_same_snapshot_and_other_data_another(cast):
    enterprise = EnterpriseFactory()
    first = build_snapshot(actor=SYSTEM, as_of=DAY, at=AT)
    assert build_snapshot(actor=SYSTEM, as_of=DAY, at=AT) == first
    cast.know(enterprise, revenue=4260, rd=287)
    assert build_snapshot(actor=SYSTEM, as_of=DAY, at=AT) != first


def test_the_clause_page_explains_one_match_and_hides_foreign_ones(cast, client):
    enterprise = EnterpriseFactory()
    cast.know(enterprise, revenue=4260, rd=287)
    cast.run()
    url = reverse("staff:policy_match:clause_detail", args=[cast.clause.pk])
    client.force_login(staff(Role.LEADER))
    page = client.get(url).content.decode()
    assert enterprise.name in page
    assert "符合全部条件。" in page
    client.force_login(staff(Role.AGENT))
    assert enterprise.name not in client.get(url).content.decode()
    assert Match.objects.count() == 1


def test_the_commands_tell_the_same(cast, tmp_path):
    enterprise = EnterpriseFactory()
    cast.know(enterprise, revenue=4260, rd=287)
    cast.run()
    out = StringIO()
    words = ["--clause", "rd-subsidy", "--as-of", str(DAY), "--json"]
    call_command("explain", "--enterprise", enterprise.uscc, *words, stdout=out)
    assert json.loads(out.getvalue())["state"] == "true"
    out = StringIO()
    call_command("match", *words, stdout=out)
    assert json.loads(out.getvalue())["clauses"]["rd-subsidy"]["eligible"] == 1
    with pytest.raises(CommandError, match="nothing-like-it"):
        call_command("match", "--clause", "nothing-like-it", "--as-of", str(DAY))
    file = tmp_path / "rule.json"
    file.write_text(json.dumps(CLAUSE["rule"]), "utf-8")
    out = StringIO()
    call_command("check_rule", str(file), "--json", stdout=out)
    assert json.loads(out.getvalue())["ok"] is True
    file.write_text("{", "utf-8")
    with pytest.raises(CommandError, match="JSON"):
        call_command("check_rule", str(file))


def test_an_enterprise_whose_amount_cannot_be_counted_is_unknown_and_stops_nobody(cast):
    lacking, whole = EnterpriseFactory(), EnterpriseFactory()
    cast.know(lacking, revenue=4260, rd=287)
    cast.know(whole, revenue=4260, rd=287)
    when = {"cmp": ["ge", {"of": "hitech_expiry_date"}, {"day": "2023-12-31"}]}
    rule = {"version": 2, "when": when}
    lacking.observations.filter(indicator__code="rd_spend_stat").update(superseded_at=AT)
    version = cast.published(rule)
    snapshot = build_snapshot(actor=SYSTEM, as_of=DAY, at=AT)
    run = run_match(actor=cast.editor, snapshot=snapshot, at=AT, versions=[version])
    states = {m.enterprise_id: m.state for m in run.matches.all()}
    assert states == {lacking.pk: "unknown", whole.pk: "eligible"}


def test_a_run_on_older_data_does_not_become_the_one_on_the_screen(cast):
    enterprise = EnterpriseFactory()
    cast.know(enterprise, revenue=4260, rd=287)
    run = cast.run()
    old = build_snapshot(actor=SYSTEM, as_of=DAY.replace(year=2022), at=AT)
    run_match(actor=cast.editor, snapshot=old, at=AT)
    assert latest_run() == run


def test_a_benefit_over_an_unknown_feature_is_not_drafted(cast):
    for benefit, words in (
        ({**CLAUSE["benefit"], "of": {"of": "nothing"}}, "nothing"),
        ({**CLAUSE["benefit"], "of": {"of": "electricity_kwh"}}, "电量"),
    ):
        with pytest.raises(UserFacingError, match=words):
            draft_version(
                actor=cast.editor, clause=cast.clause, rule=CLAUSE["rule"], benefit=benefit, at=AT
            )
    assert not ClauseVersion.objects.exists()


def test_a_clause_that_cannot_be_counted_is_set_aside_and_the_run_goes_on(cast):
    enterprise = EnterpriseFactory()
    cast.know(enterprise, revenue=4260, rd=287)
    good = cast.published()
    cast.clause = register_clause(
        actor=cast.editor,
        data=ClauseInput(**{**_entry(), "code": "broken"}),
        at=AT,
    )
    bad = cast.published()
    ClauseVersion.objects.filter(pk=bad.pk).update(benefit={"type": "fixed", "amount": "-1 元"})
    bad.refresh_from_db()
    snapshot = build_snapshot(actor=SYSTEM, as_of=DAY, at=AT)
    run = run_match(actor=cast.editor, snapshot=snapshot, at=AT, versions=[bad, good])
    assert set(run.set_aside) == {"broken"}
    assert "benefit.amount" in run.set_aside["broken"]
    assert run.counts == {"rd-subsidy": {"eligible": 1}}


def test_a_run_uses_the_versions_and_policies_of_its_day(cast):
    old = cast.published()
    later = AT + timedelta(days=30)
    new = cast.published(at=later)
    assert not in_force(date(2019, 12, 31)).exists()
    assert not in_force(DAY - timedelta(days=1)).exists()
    assert list(in_force(DAY)) == list(in_force(later.date() - timedelta(days=1))) == [old]
    assert list(in_force(later.date())) == [new]
    snapshot = build_snapshot(actor=SYSTEM, as_of=date(2019, 12, 31), at=later)
    assert not run_match(actor=cast.editor, snapshot=snapshot, at=later).versions.exists()
    with pytest.raises(UserFacingError, match="2019-12-31"):
        run_match(actor=cast.editor, snapshot=snapshot, at=later, versions=[old])
    Policy.objects.update(effective_to=DAY)
    assert list(in_force(DAY)) == [old]
    assert not in_force(later.date()).exists()


def _entry():
    keys = ("code", "title", "words", "policy_title", "issuer", "effective_from")
    return {key: CLAUSE[key] for key in keys}
