"""Pages of the issues room whose queries are counted."""

from django.urls import reverse

from tests.issues.factories import Cast
from tests.issues.test_rounds_and_figures import held, sweep
from tests.pages import page


@page("issues.issue_list")
def issue_list(rows):
    cast = Cast()
    for _ in range(rows):
        cast.log(department=cast.power)
    return cast.leader, reverse("staff:issues:issue_list")


@page("issues.issue_detail")
def issue_detail(rows):
    cast = Cast()
    return cast.lead, reverse("staff:issues:issue_detail", args=[cast.closed().pk])


@page("issues.issue_log")
def issue_log(rows):
    return Cast().agent, reverse("staff:issues:issue_log")


@page("issues.sweep_list")
def sweep_list(rows):
    cast = Cast()
    for _ in range(rows):
        sweep(cast)
    return cast.leader, reverse("staff:issues:sweep_list")


@page("issues.meeting_list")
def meeting_list(rows):
    cast = Cast()
    for _ in range(rows):
        held(cast, [cast.log(department=cast.power)])
    return cast.leader, reverse("staff:issues:meeting_list")
