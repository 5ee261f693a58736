"""A meeting through its pages: asked for, agenda, held, minutes, signed, handed out, taken along."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.common.records.searching import search_columns
from issues.models import Issue, Meeting, Resolution
from projects.models import ListItem
from tests.issues.factories import AT, ProjectFactory

pytestmark = pytest.mark.django_db
REQUEST = "staff:issues:meeting_request"


def page(name, meeting, *more):
    return reverse(f"staff:issues:{name}", args=[meeting.pk, *more])


def asked(client, cast, about, **fields):
    client.force_login(cast.agent)
    given = {
        "about": about,
        "title": "临时用电协调会",
        "kind": "small",
        "planned_at": "2024-09-11T14:30",
        "place": "302 室",
        "reason": "两个部门意见不一",
    }
    return client.post(reverse(REQUEST), {**given, **fields})


def change(client, user, name, meeting, **fields):
    client.force_login(user)
    return client.post(page(name, meeting), fields)


def move(client, user, meeting, name, **fields):
    client.force_login(user)
    return client.post(page("meeting_move", meeting, name), fields)


def rows_of(items, **typed):
    """Return the fields of the minutes' rows: one row a matter."""
    data = {"form-TOTAL_FORMS": len(items), "form-INITIAL_FORMS": 0}
    for number, item in enumerate(items):
        for name, value in {"item": item.pk, **typed}.items():
            data[f"form-{number}-{name}"] = value
    return data


HELD = {
    "held_at": "2024-09-11T14:30",
    "chair": "李维国",
    "present": "市供电公司、开发区",
    "excused": "市财政局",
    "place": "302 室",
}


def test_a_meeting_goes_from_the_request_to_decisions_handed_out(client, cast):
    issue = cast.log()
    client.force_login(cast.agent)
    link = f"{reverse(REQUEST)}?about=i:{issue.pk}"
    detail = client.get(reverse("staff:issues:issue_detail", args=[issue.pk])).content.decode()
    assert link in detail
    assert issue.title in client.get(link).content.decode()
    answer = asked(client, cast, f"i:{issue.pk}")
    meeting = Meeting.objects.get()
    assert answer.url == page("meeting_detail", meeting)

    added = ProjectFactory(enterprise=cast.enterprise, **search_columns("涂层生产线"))
    shown = client.get(answer.url, {"q": "涂层"}).content.decode()
    assert f'value="p:{added.pk}"' in shown
    change(client, cast.agent, "matter_add", meeting, about=f"p:{added.pk}")
    first, second = meeting.items.order_by("order")
    change(client, cast.agent, "matter_raise", meeting, item=second.pk)
    assert [one.pk for one in meeting.items.order_by("order")] == [second.pk, first.pk]

    assert move(client, cast.agent, meeting, "approve_agenda").status_code == 403
    assert move(client, cast.lead, meeting, "approve_agenda").status_code == 302
    assert move(client, cast.agent, meeting, "hold", **HELD).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.number, meeting.present) == (1, ["市供电公司", "开发区"])

    items = list(meeting.items.order_by("order"))
    typed = rows_of(items, text="先架临时电缆", department=cast.power.pk, due_on="2024-09-20")
    saved = change(client, cast.agent, "minutes_edit", meeting, text="会议听取了汇报。", **typed)
    assert saved.url == page("meeting_detail", meeting)
    assert move(client, cast.agent, meeting, "sign").status_code == 403
    assert move(client, cast.lead, meeting, "sign").status_code == 302
    assert move(client, cast.lead, meeting, "dispatch").status_code == 302

    issue.refresh_from_db()
    assert (issue.status, issue.units) == ("assigned", cast.power.short_name)
    row = ListItem.objects.get(project=added)
    assert (row.what, row.department, row.source) == ("先架临时电缆", cast.power, "meeting")
    assert row.origin == Resolution.objects.get(item__project=added, item__issue=None)
    assert "已交办" in client.get(page("meeting_detail", meeting)).content.decode()


def held(client, cast):
    asked(client, cast, f"p:{cast.project.pk}")
    meeting = Meeting.objects.get()
    move(client, cast.agent, meeting, "hold", **HELD)
    return meeting


def test_who_drafted_the_minutes_is_not_offered_to_sign_them(client, cast):
    meeting = held(client, cast)
    typed = rows_of(meeting.items.all(), text="看", kind="information")
    change(client, cast.lead, "minutes_edit", meeting, text="会议听取了汇报。", **typed)
    address = page("meeting_move", meeting, "sign")
    assert address not in client.get(page("meeting_detail", meeting)).content.decode()
    assert move(client, cast.lead, meeting, "sign").status_code == 403
    client.force_login(cast.leader)
    assert address in client.get(page("meeting_detail", meeting)).content.decode()
    assert move(client, cast.leader, meeting, "sign").status_code == 302


def test_signed_minutes_are_frozen(client, cast):
    meeting = held(client, cast)
    typed = rows_of(meeting.items.all(), text="看", kind="information")
    change(client, cast.agent, "minutes_edit", meeting, text="会议听取了汇报。", **typed)
    move(client, cast.lead, meeting, "sign")
    changed = change(client, cast.agent, "minutes_edit", meeting, text="改", **typed)
    assert changed.status_code == 404
    assert Meeting.objects.get().minutes == "会议听取了汇报。"
    assert (
        page("minutes_edit", meeting)
        not in client.get(page("meeting_detail", meeting)).content.decode()
    )


def test_a_task_without_unit_and_day_is_said_at_its_fields_and_keeps_the_words(client, cast):
    meeting = held(client, cast)
    typed = rows_of(meeting.items.all(), text="先架临时电缆", kind="task")
    answer = change(client, cast.agent, "minutes_edit", meeting, text="开场", **typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "先架临时电缆" in text
    assert "id_form-0-department_error" in text
    assert "id_form-0-due_on_error" in text
    assert not Resolution.objects.exists()


def test_a_form_opened_before_somebody_else_saved_is_refused_and_keeps_its_words(client, cast):
    meeting = held(client, cast)
    typed = rows_of(meeting.items.all(), text="看", kind="information")
    version = Meeting.objects.get().version
    change(client, cast.lead, "minutes_edit", meeting, text="一", version=version, **typed)
    late = change(client, cast.agent, "minutes_edit", meeting, text="二", version=version, **typed)
    assert late.status_code == 409
    assert "二" in late.content.decode()
    assert Meeting.objects.get().minutes == "一"


def test_the_minutes_can_be_taken_along_and_a_draft_says_so(client, cast):
    meeting = held(client, cast)
    address = page("minutes_file", meeting, "docx")
    assert client.get(address).status_code == 404
    typed = rows_of(meeting.items.all(), text="看", kind="information")
    change(client, cast.agent, "minutes_edit", meeting, text="会议听取了汇报。", **typed)
    draft = client.get(address)
    assert draft.content.startswith(b"PK")
    assert "%E8%8D%89%E7%A8%BF" in draft["Content-Disposition"]
    move(client, cast.lead, meeting, "sign")
    signed = client.get(page("minutes_file", meeting, "pdf"))
    assert signed.content.startswith(b"%PDF-")
    assert "%E8%8D%89%E7%A8%BF" not in signed["Content-Disposition"]
    assert client.get(page("minutes_file", meeting, "exe")).status_code == 404


def test_a_meeting_in_the_future_is_not_recorded_as_held(client, cast):
    asked(client, cast, f"p:{cast.project.pk}")
    meeting = Meeting.objects.get()
    later = (AT + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = move(client, cast.agent, meeting, "hold", **{**HELD, "held_at": later})
    assert answer.status_code == 409
    assert "李维国" in answer.content.decode()
    assert Meeting.objects.get().held_at is None


def test_the_last_matter_stays_and_no_matter_stands_twice(client, cast):
    asked(client, cast, f"p:{cast.project.pk}")
    meeting = Meeting.objects.get()
    item = meeting.items.get()
    assert change(client, cast.agent, "matter_drop", meeting, item=item.pk).status_code == 400
    twice = change(client, cast.agent, "matter_add", meeting, about=f"p:{cast.project.pk}")
    assert twice.status_code == 400
    assert meeting.items.count() == 1
    second = ProjectFactory(enterprise=cast.enterprise)
    change(client, cast.agent, "matter_add", meeting, about=f"p:{second.pk}")
    assert change(client, cast.agent, "matter_drop", meeting, item=item.pk).status_code == 302
    assert meeting.items.get().project == second


def test_a_request_without_a_reason_says_so_and_makes_no_meeting(client, cast):
    answer = asked(client, cast, f"p:{cast.project.pk}", reason="")
    assert answer.status_code == 422
    assert "id_reason_error" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_strangers_neither_see_nor_change_a_meeting(client, cast):
    issue = cast.log()
    asked(client, cast, f"i:{issue.pk}")
    meeting = Meeting.objects.get()
    item = meeting.items.get()
    for who in (cast.stranger, cast.strange_handler):
        client.force_login(who)
        assert client.get(f"{reverse(REQUEST)}?about=i:{issue.pk}").status_code == 404
        assert client.get(page("meeting_detail", meeting)).status_code == 404
        assert client.get(page("minutes_edit", meeting)).status_code == 404
        assert client.get(page("minutes_file", meeting, "pdf")).status_code == 404
        assert change(client, who, "matter_drop", meeting, item=item.pk).status_code == 404
        assert move(client, who, meeting, "hold", **HELD).status_code == 404
    client.force_login(cast.member)
    assert client.get(f"{reverse(REQUEST)}?about=i:{issue.pk}").status_code in (302, 403)
    assert Issue.objects.get().agenda_items.count() == 1


def test_a_handler_who_only_sees_an_item_changes_nothing_of_the_agenda(client, cast):
    issue = cast.log(department=cast.power)
    asked(client, cast, f"i:{issue.pk}")
    meeting = Meeting.objects.get()
    client.force_login(cast.handler)
    text = client.get(page("meeting_detail", meeting)).content.decode()
    assert page("matter_add", meeting) not in text
    added = change(client, cast.handler, "matter_add", meeting, about=f"p:{cast.project.pk}")
    assert added.status_code in (403, 404)
    assert meeting.items.count() == 1
