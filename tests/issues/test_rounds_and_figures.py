"""Sweeps, meetings and the figures counted from them."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from crm.common.days.clock import SHANGHAI
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox.models import Recipient
from crm.common.records.transitions import MoveRefused
from crm.common.slots import figures
from issues import services
from issues.models import SweepTarget
from issues.services import Finding, Matter, Settled, TargetSpec, minutes_hash
from tests.issues.factories import AT, ProjectFactory

pytestmark = pytest.mark.django_db
SEPTEMBER = datetime(2024, 9, 1, tzinfo=SHANGHAI)
AUGUST = datetime(2024, 8, 20, 9, tzinfo=SHANGHAI)


def sweep(cast, at=AUGUST, projects=()):
    targets = [
        TargetSpec(project.enterprise, cast.agent, at.date(), project)
        for project in (cast.project, *projects)
    ]
    return services.open_sweep(
        actor=cast.acts("lead"),
        at=at,
        title="第 1 轮大排查",
        starts_on=at.date(),
        ends_on=at.date() + timedelta(days=20),
        targets=targets,
    )


def held(cast, issues, at=AUGUST):
    meeting = services.request_meeting(
        actor=cast.acts("agent"),
        at=at,
        title="临时用电协调会",
        planned_at=at,
        matters=[Matter(issue.title, issue=issue) for issue in issues],
    )
    return services.hold_meeting(
        actor=cast.acts("lead"),
        at=at + timedelta(hours=2),
        meeting=meeting,
        held_at=at,
        chair="陈振华",
        present=["供电公司"],
    )


def counted(cutoff=SEPTEMBER):
    keys = ["sweeps", "sweep_issues", "meetings", "coordinated_issues", "coordinated_projects"]
    return [figures.get(key).value(cutoff) for key in keys]


def test_figures_count_what_was_there_before_the_cutoff(cast):
    round_one = sweep(cast)
    target = SweepTarget.objects.get(sweep=round_one)
    services.record_sweep_visit(
        actor=cast.acts("agent"),
        at=AUGUST,
        target=target,
        findings=[Finding(cast.category, "路灯不亮"), Finding(cast.category, "缺工")],
    )
    target.refresh_from_db()
    first, second = target.visit.issues.order_by("pk")
    held(cast, [first, second])
    later = cast.log(at=SEPTEMBER)
    held(cast, [later], at=SEPTEMBER + timedelta(hours=9))
    assert counted() == [1, 2, 1, 2, 1]
    assert counted(AUGUST) == [0, 0, 0, 0, 0]
    assert counted(AT) == [1, 2, 2, 3, 1]


def test_a_planned_meeting_counts_for_nothing(cast):
    issue = cast.log(at=AUGUST)
    services.request_meeting(
        actor=cast.acts("agent"),
        at=AUGUST,
        title="会",
        planned_at=AUGUST,
        matters=[Matter("事", issue=issue)],
    )
    assert counted() == [0, 0, 0, 0, 0]


def test_an_issue_on_two_agendas_is_coordinated_once(cast):
    issue = cast.log(at=AUGUST)
    held(cast, [issue])
    held(cast, [issue], at=AUGUST + timedelta(days=1))
    assert counted() == [0, 0, 2, 1, 1]


def test_a_visit_is_recorded_once_and_nothing_found_says_so(cast):
    target = SweepTarget.objects.get(sweep=sweep(cast))
    services.record_sweep_visit(actor=cast.acts("agent"), at=AUGUST, target=target)
    assert target.nothing_found
    with pytest.raises(UserFacingError):
        services.record_sweep_visit(actor=cast.acts("agent"), at=AUGUST, target=target)
    services.add_sweep_issue(
        actor=cast.acts("agent"), at=AUGUST, target=target, finding=Finding(cast.category, "缺水")
    )
    target.refresh_from_db()
    assert not target.nothing_found


def test_a_closed_round_takes_no_visits(cast):
    round_one = sweep(cast)
    target = SweepTarget.objects.get(sweep=round_one)
    with pytest.raises(MoveRefused):
        services.close_sweep(actor=cast.acts("lead"), at=AT, sweep=round_one, summary="全覆盖")
    services.excuse_target(actor=cast.acts("lead"), at=AT, target=target, reason="企业已搬迁")
    services.close_sweep(actor=cast.acts("lead"), at=AT, sweep=round_one, summary="全覆盖")
    with pytest.raises(UserFacingError):
        services.record_sweep_visit(actor=cast.acts("agent"), at=AT, target=target)


def test_agents_and_handlers_do_not_open_rounds(cast):
    for who in ("agent", "handler", "member"):
        with pytest.raises(NotAllowedError):
            services.open_sweep(
                actor=cast.acts(who),
                at=AT,
                title="轮",
                starts_on=AT.date(),
                ends_on=AT.date(),
                targets=[TargetSpec(cast.enterprise, cast.agent, AT.date())],
            )


def test_signed_minutes_freeze_and_tasks_reach_the_department(cast):
    issue = cast.log(at=AUGUST)
    meeting = held(cast, [issue])
    item = meeting.items.get()
    lead, at = cast.acts("lead"), AUGUST + timedelta(hours=3)
    with pytest.raises(UserFacingError):
        services.draft_minutes(
            actor=lead, at=at, meeting=meeting, text="纪要", settled=[Settled(item, "办")]
        )
    task = Settled(item, "由供电公司送电", department=cast.power, due_on=date(2024, 9, 6))
    services.draft_minutes(actor=lead, at=at, meeting=meeting, text="纪要", settled=[task])
    with pytest.raises(NotAllowedError):
        services.sign_minutes(actor=lead, at=at, meeting=meeting)
    services.sign_minutes(actor=cast.acts("leader"), at=at, meeting=meeting)
    assert meeting.content_hash == minutes_hash(meeting)
    with pytest.raises(MoveRefused):
        services.draft_minutes(actor=lead, at=at, meeting=meeting, text="改", settled=[])
    services.dispatch_resolutions(actor=lead, at=at, meeting=meeting)
    issue.refresh_from_db()
    assert (issue.status, issue.units) == ("assigned", cast.power.short_name)
    assert Recipient.objects.filter(user=cast.handler, message__kind="issues.assigned").exists()


def test_an_agent_keeps_the_minutes_but_neither_approves_the_agenda_nor_signs(cast):
    meeting = services.request_meeting(
        actor=cast.acts("agent"),
        at=AUGUST,
        title="会",
        planned_at=AUGUST,
        matters=[Matter("事", project=cast.project)],
    )
    agent, later = cast.acts("agent"), AUGUST + timedelta(hours=1)
    with pytest.raises(NotAllowedError):
        services.approve_agenda(actor=agent, at=AUGUST, meeting=meeting)
    held = {"meeting": meeting, "held_at": AUGUST, "chair": "陈", "present": []}
    for who in ("handler", "strange_handler", "stranger"):
        with pytest.raises(NotAllowedError):
            services.hold_meeting(actor=cast.acts(who), at=later, **held)
    services.hold_meeting(actor=agent, at=later, **held)
    services.draft_minutes(actor=agent, at=later, meeting=meeting, text="纪要", settled=[])
    with pytest.raises(NotAllowedError):
        services.sign_minutes(actor=agent, at=later, meeting=meeting)


def test_round_and_meeting_screens_show_what_is_there_and_nothing_to_strangers(client, cast):
    round_one = sweep(cast, projects=[ProjectFactory()])
    issue = cast.log(at=AUGUST, department=cast.power)
    meeting = held(cast, [issue])
    client.force_login(cast.lead)
    for name, pk in (("sweep_detail", round_one.pk), ("meeting_detail", meeting.pk)):
        assert client.get(reverse(f"staff:issues:{name}", args=[pk])).status_code == 200
    assert round_one.title in client.get(reverse("staff:issues:sweep_list")).content.decode()
    assert meeting.title in client.get(reverse("staff:issues:meeting_list")).content.decode()
    client.force_login(cast.strange_handler)
    assert client.get(reverse("staff:issues:sweep_list")).status_code == 403
    url = reverse("staff:issues:meeting_detail", args=[meeting.pk])
    assert client.get(url).status_code == 404
    client.force_login(cast.handler)
    assert client.get(url).status_code == 200
    client.force_login(cast.stranger)
    target = SweepTarget.objects.filter(sweep=round_one).first()
    assert client.post(reverse("staff:issues:sweep_visit", args=[target.pk])).status_code == 404
