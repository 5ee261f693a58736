"""There is one record of somebody having been there: a round's visit is a visit as every other."""

import pytest
from django.urls import reverse

from crm.common.records.transitions import MoveRefused
from crm.models import Visit
from issues import services
from issues.models import SweepTarget
from issues.services import Finding, TargetSpec
from tests.issues.factories import AT, ProjectFactory

pytestmark = pytest.mark.django_db
ENTERPRISE = "staff:crm:enterprise_detail"


@pytest.fixture
def sweep(cast):
    other = ProjectFactory(enterprise__area=cast.area)
    return services.open_sweep(
        actor=cast.acts("lead"),
        at=AT,
        title="大排查",
        starts_on=AT.date(),
        ends_on=AT.date(),
        targets=[
            TargetSpec(one.enterprise, cast.agent, AT.date(), one) for one in (cast.project, other)
        ],
    )


def test_a_visit_of_a_round_stands_on_the_page_of_the_enterprise(client, cast, sweep):
    target = SweepTarget.objects.get(sweep=sweep, project=cast.project)
    services.record_sweep_visit(
        actor=cast.acts("agent"),
        at=AT,
        target=target,
        note="设备已进场",
        findings=[Finding(cast.category, "路灯不亮")],
    )
    visit = Visit.objects.get()
    assert (target.visit, visit.issues.get().verbatim) == (visit, "路灯不亮")
    page = reverse(ENTERPRISE, args=[cast.enterprise.pk])
    client.force_login(cast.agent)
    assert "设备已进场" in client.get(page).content.decode()
    client.force_login(cast.stranger)
    assert "设备已进场" not in client.get(page).content.decode()
    assert not Visit.objects.visible_to(cast.acts("strange_member")).exists()


def test_a_stranger_neither_visits_nor_excuses_a_target(client, cast, sweep):
    client.force_login(cast.stranger)
    target = SweepTarget.objects.filter(sweep=sweep).first()
    for name in ("sweep_visit", "sweep_excuse"):
        url = reverse(f"staff:issues:{name}", args=[target.pk])
        assert client.post(url, {"reason": "已搬迁"}).status_code == 404


def test_a_round_closes_when_every_target_is_visited_or_excused(cast, sweep):
    first, second = SweepTarget.objects.filter(sweep=sweep).order_by("pk")
    close = {"actor": cast.acts("lead"), "at": AT, "sweep": sweep, "summary": "全覆盖"}
    services.record_sweep_visit(actor=cast.acts("agent"), at=AT, target=first)
    with pytest.raises(MoveRefused):
        services.close_sweep(**close)
    services.excuse_target(actor=cast.acts("lead"), at=AT, target=second, reason="已搬迁")
    second.refresh_from_db()
    assert (second.visit, second.excuse) == (None, "已搬迁")
    services.close_sweep(**close)
    sweep.refresh_from_db()
    assert (sweep.status, sweep.summary) == ("closed", "全覆盖")
