"""A round is driven: who has not visited is reminded, a target goes to somebody else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from crm.common.outbox.models import Recipient
from crm.common.people.enums import Role
from crm.common.records.models import AuditEvent
from issues.models import SweepTarget
from issues.services import TargetSpec, close_sweep, excuse_target, open_sweep, record_sweep_visit
from tests.crm.factories import EnterpriseFactory, staff
from tests.issues.factories import AT, Cast

pytestmark = pytest.mark.django_db
TODAY = date(2024, 9, 12)


@pytest.fixture(autouse=True)
def _in_september(settings):
    settings.ANSHANG_TODAY = TODAY


@pytest.fixture
def cast():
    made = Cast()
    made.other = staff(Role.AGENT, areas=[made.area])
    made.sweep = open_sweep(
        actor=made.acts("lead"),
        at=AT,
        title="第 5 轮大排查",
        starts_on=TODAY - timedelta(days=9),
        ends_on=TODAY + timedelta(days=8),
        targets=[
            TargetSpec(EnterpriseFactory(area=made.area), who, TODAY - timedelta(days=1))
            for who in (made.agent, made.agent, made.other)
        ],
    )
    return made


def remind(client, cast, person, **data):
    client.force_login(person)
    return client.post(reverse("staff:issues:sweep_remind", args=[cast.sweep.pk]), data)


def told(person):
    return Recipient.objects.filter(user=person, message__kind="issues.visits_owed").count()


def test_everybody_with_visits_left_is_reminded_once_a_day(client, cast):
    page = client.get(reverse("staff:issues:sweep_detail", args=[cast.sweep.pk]))
    assert page.status_code == 302
    assert remind(client, cast, cast.lead).status_code == 302
    assert [told(cast.agent), told(cast.other), told(cast.stranger)] == [1, 1, 0]
    again = remind(client, cast, cast.lead)
    assert again.status_code >= 400
    assert "今天都已提醒过" in again.content.decode()
    assert told(cast.agent) == 1
    assert AuditEvent.objects.filter(verb="sweep.reminded").count() == 1


def test_one_person_is_reminded_and_who_is_done_is_not(client, cast):
    done = SweepTarget.objects.get(owner=cast.other)
    record_sweep_visit(actor=cast.acts("lead"), at=AT, target=done)
    remind(client, cast, cast.lead, owner=cast.agent.pk)
    assert [told(cast.agent), told(cast.other)] == [1, 0]
    assert remind(client, cast, cast.lead, owner=cast.other.pk).status_code >= 400


@pytest.mark.parametrize("name", ["agent", "handler", "stranger"])
def test_only_who_leads_reminds(client, cast, name):
    assert remind(client, cast, getattr(cast, name)).status_code in (403, 404)
    assert told(cast.agent) == 0


def test_a_round_that_is_over_reminds_nobody(client, cast):
    for target in cast.sweep.targets.all():
        excuse_target(actor=cast.acts("lead"), at=AT, target=target, reason="搬走了")
    close_sweep(actor=cast.acts("lead"), at=AT, sweep=cast.sweep, summary="都清楚了")
    assert remind(client, cast, cast.lead).status_code >= 400
    assert told(cast.agent) == 0


def give(client, target, person, owner):
    client.force_login(person)
    url = reverse("staff:issues:sweep_give", args=[target.pk])
    return client.post(url, {"owner": owner.pk})


def test_a_target_goes_to_another_agent_until_somebody_was_there(client, cast):
    target = cast.sweep.targets.filter(owner=cast.agent).first()
    assert give(client, target, cast.lead, cast.other).status_code == 302
    target.refresh_from_db()
    assert target.owner == cast.other
    assert AuditEvent.objects.filter(verb="sweep.given").count() == 1
    record_sweep_visit(actor=cast.acts("lead"), at=AT, target=target)
    assert give(client, target, cast.lead, cast.agent).status_code >= 400
    target.refresh_from_db()
    assert target.owner == cast.other


def test_a_target_goes_to_agents_only_and_is_given_by_leads_only(client, cast):
    target = cast.sweep.targets.filter(owner=cast.agent).first()
    assert give(client, target, cast.lead, cast.handler).status_code == 422
    for name in ("agent", "handler", "stranger"):
        assert give(client, target, getattr(cast, name), cast.other).status_code in (403, 404)
    target.refresh_from_db()
    assert target.owner == cast.agent


def test_the_page_of_a_round_has_its_trend_a_legend_and_one_act_beside_the_other(client, cast):
    target = cast.sweep.targets.filter(owner=cast.agent).first()
    client.force_login(cast.lead)
    page = client.get(reverse("staff:issues:sweep_detail", args=[cast.sweep.pk]))
    text = page.content.decode()
    assert [one["number"] for one in page.context["trend"]] == [cast.sweep.number]
    assert "过了约定日期" in text
    address = reverse("staff:issues:sweep_target", args=[target.pk])
    assert f"{address}#excuse" in text
    assert 'id="excuse"' in client.get(address).content.decode()
    client.force_login(cast.agent)
    text = client.get(reverse("staff:issues:sweep_detail", args=[cast.sweep.pk])).content.decode()
    assert address in text
    assert "#excuse" not in text
    assert "催未走访" not in text
    assert 'id="excuse"' not in client.get(address).content.decode()
