"""The pages of the issues room whose queries are counted."""

from datetime import timedelta

from django.urls import reverse

from crm.common.days import clock
from issues import services
from issues.services import Matter, TargetSpec
from tests.crm.factories import somebody_elsewhere
from tests.issues.factories import AT, Cast, ProjectFactory
from tests.pages import page


def _cast_with_issues(rows):
    cast = Cast()
    for _number in range(rows):
        project = ProjectFactory(enterprise__area=cast.area)
        cast.log(enterprise=project.enterprise, project=project, department=cast.power)
    return cast


@page("issues.issue_list", outside=somebody_elsewhere)
def issue_list(rows):
    return _cast_with_issues(rows).lead, reverse("staff:issues:issue_list")


@page("issues.issue_detail")
def issue_detail(rows):
    cast = _cast_with_issues(rows)
    issue = cast.log(department=cast.power)
    return cast.lead, reverse("staff:issues:issue_detail", args=[issue.pk])


@page("issues.issue_log")
def issue_log(rows):
    return _cast_with_issues(rows).agent, reverse("staff:issues:issue_log")


@page("issues.portal_issue_list")
def portal_issue_list(rows):
    cast = Cast()
    for _number in range(rows):
        cast.log(department=cast.power)
    return cast.member, reverse("portal:issues:issue_list")


@page("issues.sweep_detail", outside=somebody_elsewhere)
def sweep_detail(rows):
    cast = Cast()
    projects = [ProjectFactory(enterprise__area=cast.area) for _number in range(rows)]
    sweep = services.open_sweep(
        actor=cast.acts("lead"),
        at=AT,
        title="第 1 轮大排查",
        starts_on=AT.date(),
        ends_on=AT.date() + timedelta(days=9),
        targets=[TargetSpec(one.enterprise, cast.agent, AT.date(), one) for one in projects],
    )
    return cast.lead, reverse("staff:issues:sweep_detail", args=[sweep.pk])


@page("issues.sweep_list", outside=somebody_elsewhere)
def sweep_list(rows):
    cast = Cast()
    for number in range(rows):
        services.plan_sweep(
            actor=cast.acts("lead"),
            at=AT,
            title=f"第 {number} 轮",
            starts_on=AT.date(),
            ends_on=AT.date(),
            targets=[TargetSpec(cast.enterprise, cast.agent, AT.date(), cast.project)],
        )
    return cast.lead, reverse("staff:issues:sweep_list")


@page("issues.sweep_plan")
def sweep_plan(rows):
    return _cast_with_issues(rows).lead, reverse("staff:issues:sweep_plan")


@page("issues.sweep_target")
def sweep_target(rows):
    cast = Cast()
    sweep = services.open_sweep(
        actor=cast.acts("lead"),
        at=AT,
        title="大排查",
        starts_on=AT.date(),
        ends_on=AT.date(),
        targets=[TargetSpec(cast.enterprise, cast.agent, AT.date(), cast.project)],
    )
    target = sweep.targets.get()
    found = [services.Finding(cast.category, f"路灯不亮 {n}") for n in range(rows)]
    services.record_sweep_visit(actor=cast.acts("agent"), at=AT, target=target, findings=found)
    return cast.agent, reverse("staff:issues:sweep_target", args=[target.pk])


@page("issues.meeting_list", outside=somebody_elsewhere)
def meeting_list(rows):
    cast = Cast()
    for number in range(rows):
        services.request_meeting(
            actor=cast.acts("agent"),
            at=AT,
            title=f"第 {number} 次会",
            planned_at=AT,
            matters=[Matter("事", project=cast.project)],
        )
    return cast.lead, reverse("staff:issues:meeting_list")


def _meeting(cast, rows):
    projects = [ProjectFactory(enterprise__area=cast.area) for _number in range(rows)]
    return services.request_meeting(
        actor=cast.acts("agent"),
        at=AT,
        title="协调会",
        planned_at=AT,
        matters=[Matter(one.name, project=one) for one in projects],
    )


@page("issues.meeting_detail")
def meeting_detail(rows):
    cast = Cast()
    address = reverse("staff:issues:meeting_detail", args=[_meeting(cast, rows).pk])
    return cast.lead, f"{address}?q=x"


@page("issues.meeting_request")
def meeting_request(rows):
    cast = _cast_with_issues(rows)
    issue = cast.log()
    return cast.agent, f"{reverse('staff:issues:meeting_request')}?about=i:{issue.pk}"


@page("issues.minutes_edit")
def minutes_edit(rows):
    cast = Cast()
    meeting = _meeting(cast, rows)
    services.hold_meeting(
        actor=cast.acts("lead"), at=AT, meeting=meeting, held_at=AT, chair="陈", present=[]
    )
    return cast.agent, reverse("staff:issues:minutes_edit", args=[meeting.pk])


@page("issues.portal_report")
def portal_report(rows):
    cast = _cast_with_issues(rows)
    return cast.member, reverse("portal:issues:issue_report")


@page("issues.portal_issue_detail")
def portal_issue_detail(rows):
    cast = Cast()
    for _number in range(rows):
        issue = cast.log()
    return cast.member, reverse("portal:issues:issue_detail", args=[issue.pk])


@page("issues.link")
def link(_rows):
    cast = Cast()
    agent = cast.acts("agent")
    url = services.copy_link(actor=agent, at=clock.now(), issue=cast.answered(), label="胡立")
    return None, url
