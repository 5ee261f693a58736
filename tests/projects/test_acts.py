"""What is done on a project's page: who may, what is asked, what is told, what can be undone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records.transitions import MoveRefused, history
from projects.enums import Stage
from projects.models import Project, TeamMember
from projects.services import (
    ItemInput,
    add_list_items,
    advance_stage,
    assign_team,
    finish_item,
    leave_team,
    move_stage,
    place_item,
    undo_item,
    undo_stage,
    update_item,
    update_project,
)
from tests.crm.factories import AT, AreaFactory, DepartmentFactory, EnterpriseFactory, staff
from tests.projects.factories import FACTS, Cast, matter

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast():
    return Cast()


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))


def page(name, *args):
    return reverse(f"staff:projects:{name}", args=args)


def listed(cast, *names):
    department = DepartmentFactory()
    rows = [
        ItemInput(what=name, department_id=department.pk, due_on=AT.date() + timedelta(days=9))
        for name in names
    ]
    return add_list_items(actor=cast.agent, project=cast.project, items=rows, at=AT)


def names_of(project):
    return list(project.items.order_by("order").values_list("what", flat=True))


# --- stages -------------------------------------------------------------------
def test_the_form_of_a_stage_asks_for_the_facts_that_are_missing_and_stores_them(cast, client):
    advance_stage(
        note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT
    )
    sign_in(client, cast.agent)
    url = page("project_move", cast.project.pk, "to_signed")
    shown = client.get(url, headers=HTMX).content.decode()
    assert 'name="signed_on"' in shown
    assert 'name="agreed_investment_fen"' in shown
    sent = {"version": 2, "note": "合同", "signed_on": "2024-09-01", "agreed_investment_fen": "500"}
    refused = client.post(url, {**sent, "signed_on": ""}, headers=HTMX)
    assert refused.status_code == 422
    assert "data-as-error-summary" in refused.content.decode()
    assert Project.objects.get(pk=cast.project.pk).agreed_investment_fen is None
    done = client.post(url, sent, headers=HTMX)
    assert done.status_code == 200
    assert "as:toast" in done["HX-Trigger"]
    project = Project.objects.get(pk=cast.project.pk)
    assert (project.stage, project.agreed_investment_fen) == (Stage.SIGNED, 500_000_000)
    assert history(project).last().reason == "合同"


def test_a_refused_stage_keeps_none_of_the_facts(cast):
    advance_stage(
        note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT
    )
    with pytest.raises(MoveRefused):
        move_stage(
            actor=cast.agent,
            project=Project.objects.get(pk=cast.project.pk),
            move="to_signed",
            note="投资协议",
            facts={"signed_on": AT.date()},
            at=AT,
        )
    assert Project.objects.get(pk=cast.project.pk).signed_on is None


def test_a_step_without_a_word_of_what_shows_it_is_refused_and_its_facts_are_not_kept(cast):
    with pytest.raises(UserFacingError, match="依据"):
        move_stage(
            actor=cast.agent,
            project=cast.project,
            move="to_negotiating",
            note="  ",
            facts={"signed_on": AT.date()},
            at=AT,
        )
    stored = Project.objects.get(pk=cast.project.pk)
    assert (stored.stage, stored.signed_on) == (Stage.LEAD, None)


def test_a_step_is_undone_by_who_made_it_and_at_once_only(cast):
    advance_stage(
        note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT
    )
    soon, later = AT + timedelta(seconds=8), AT + timedelta(minutes=1)
    with pytest.raises(MoveRefused):
        undo_stage(actor=cast.lead, project=cast.project, at=soon)
    with pytest.raises(MoveRefused):
        undo_stage(actor=cast.agent, project=cast.project, at=later)
    undo_stage(actor=cast.agent, project=cast.project, at=soon)
    assert cast.project.stage == Stage.LEAD
    assert cast.project.stage_since == AT
    assert [row.move for row in history(cast.project) if row.machine == "projects.stage"] == [
        "begin",
        "to_negotiating",
        "undo_to_negotiating",
    ]
    with pytest.raises(MoveRefused):
        undo_stage(actor=cast.agent, project=cast.project, at=soon)


def test_the_undoing_of_a_step_is_no_button_and_no_address(cast, client):
    advance_stage(
        note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT
    )
    sign_in(client, cast.agent)
    hidden = page("project_move", cast.project.pk, "undo_to_negotiating")
    assert client.post(hidden).status_code == 404
    sign_in(client, cast.stranger)
    assert client.post(page("project_undo", cast.project.pk)).status_code == 404


def test_going_back_is_refused_to_an_agent_in_a_sentence_and_open_to_a_lead(cast, client):
    advance_stage(
        note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT
    )
    url = page("project_move", cast.project.pk, "back_to_lead")
    sign_in(client, cast.agent)
    refused = client.post(url, {"reason": "误点"})
    assert refused.status_code == 403
    assert "data-as-message" in refused.content.decode()
    assert (
        "back_to_lead" not in client.get(page("project_detail", cast.project.pk)).content.decode()
    )
    sign_in(client, cast.lead)
    assert "back_to_lead" in client.get(page("project_detail", cast.project.pk)).content.decode()
    assert client.post(url, {"reason": "误点"}).status_code == 302
    cast.project.refresh_from_db()
    assert cast.project.stage == Stage.LEAD


# --- the one list -------------------------------------------------------------
def test_a_row_is_added_and_changed_on_the_page_and_not_by_strangers(cast, client):
    unit, other = DepartmentFactory(), DepartmentFactory()
    sent = {"what": "临时用电接通", "department": unit.pk, "due_on": "2099-09-20"}
    create = page("item_create", cast.project.pk)
    sign_in(client, cast.stranger)
    assert client.post(create, sent).status_code == 404
    sign_in(client, cast.leader)
    assert client.post(create, sent).status_code == 403
    sign_in(client, cast.agent)
    assert client.post(create, {**sent, "due_on": "2020-01-01"}).status_code == 422
    assert client.post(create, sent).status_code == 302
    item = cast.project.items.get()
    edit = page("item_edit", item.pk)
    changed = {**sent, "department": other.pk, "version": item.version}
    assert client.post(edit, changed).status_code == 302
    item.refresh_from_db()
    assert item.department == other
    stale = client.post(edit, {**changed, "what": "别的"})
    assert stale.status_code == 409
    item.refresh_from_db()
    assert item.what == "临时用电接通"


def test_a_closed_row_is_not_changed_and_a_stranger_changes_none(cast):
    (item,) = listed(cast, "交地")
    given = {"item": item, "values": {"what": "净地"}, "at": AT}
    with pytest.raises(NotAllowedError):
        update_item(actor=cast.stranger, version=1, **given)
    with pytest.raises(ConflictError):
        update_item(actor=cast.agent, version=7, **given)
    finish_item(actor=cast.agent, item=item, note="已交", at=AT)
    with pytest.raises(MoveRefused):
        update_item(actor=cast.agent, version=item.version, **given)


def test_rows_are_put_in_order_for_all_views(cast, client):
    first, second, third = listed(cast, "甲", "乙", "丙")
    place_item(actor=cast.agent, item=third, beside=first, before=True, at=AT)
    assert names_of(cast.project) == ["丙", "甲", "乙"]
    sign_in(client, cast.agent)
    client.post(page("item_place", third.pk, "down"), {"beside": first.pk}, headers=HTMX)
    assert names_of(cast.project) == ["甲", "丙", "乙"]
    with pytest.raises(NotAllowedError):
        place_item(actor=cast.stranger, item=second, beside=first, before=True, at=AT)
    assert client.post(page("item_place", third.pk, "up"), {"beside": "²"}).status_code == 400


def test_striking_off_is_undone_at_once_and_both_stay_in_the_log(cast):
    (item,) = listed(cast, "交地")
    finish_item(actor=cast.agent, item=item, note="已交", at=AT)
    with pytest.raises(MoveRefused):
        undo_item(actor=cast.lead, item=item, at=AT)
    with pytest.raises(MoveRefused):
        undo_item(actor=cast.agent, item=item, at=AT + timedelta(minutes=2))
    undo_item(actor=cast.agent, item=item, at=AT + timedelta(seconds=5))
    item.refresh_from_db()
    assert item.is_open
    assert [row.move for row in history(item)] == ["begin", "finish", "undo"]


# --- approvals, team, facts ---------------------------------------------------
def test_matters_of_the_catalogue_are_entrusted_once(cast, client):
    matter("B01")
    version = matter("B02").versions.get()
    create = page("approval_create", cast.project.pk)
    sign_in(client, cast.stranger)
    assert client.post(create, {"matters": [version.pk]}).status_code == 404
    sign_in(client, cast.agent)
    assert client.post(create).status_code == 422
    assert client.post(create, {"matters": [version.pk]}).status_code == 302
    case = cast.project.approvals.get()
    assert case.status == "entrusted"
    assert version.name not in client.get(create, headers=HTMX).content.decode()
    assert client.post(page("approval_move", case.pk, "gather")).status_code == 302
    # To accept is the department's.
    assert client.post(page("approval_move", case.pk, "accept")).status_code == 403


def test_a_slot_is_filled_replaced_and_left(cast, client):
    person, other = staff(Role.AGENT), staff(Role.AGENT)
    url = page("team_edit", cast.project.pk, "head")
    sign_in(client, cast.stranger)
    assert client.post(url, {"person": person.pk}).status_code == 404
    sign_in(client, cast.agent)
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"person": person.pk}).status_code == 302
    assert client.post(url, {"person": person.pk, "beside": "on"}).status_code == 422
    assert client.post(url, {"person": other.pk, "beside": "on"}).status_code == 302
    held = cast.project.team.filter(slot__code="head", until=None)
    assert {row.user for row in held} == {person, other}
    member = held.get(user=other)
    assert client.post(page("team_leave", member.pk)).status_code == 302
    assert [row.user for row in held.all()] == [person]
    with pytest.raises(UserFacingError):
        leave_team(actor=cast.agent, member=member, until=AT.date(), at=AT)
    with pytest.raises(NotAllowedError):
        leave_team(actor=cast.stranger, member=held.get(), until=AT.date(), at=AT)


def test_who_is_on_the_team_elsewhere_works_on_the_page_as_well(cast, client):
    places = {"head": User.objects.get(pk=cast.stranger.user_id)}
    assign_team(actor=cast.lead, project=cast.project, places=places, since=AT.date(), at=AT)
    sign_in(client, cast.stranger)
    shown = client.get(page("project_detail", cast.project.pk)).content.decode()
    assert page("item_create", cast.project.pk) in shown


def test_facts_are_changed_and_what_the_stage_rests_on_cannot_be_emptied(cast):
    project = cast.project
    facts = {**FACTS, "enterprise": cast.enterprise}
    update_project(actor=cast.agent, project=project, values=facts, version=1, at=AT)
    advance_stage(
        note="现场查看", actor=cast.agent, project=project, stage=Stage.NEGOTIATING, at=AT
    )
    advance_stage(note="现场查看", actor=cast.agent, project=project, stage=Stage.SIGNED, at=AT)
    change = {"actor": cast.agent, "project": project, "at": AT}
    with pytest.raises(UserFacingError, match=r"签约日期|signed on"):
        update_project(values={"signed_on": None}, version=project.version, **change)
    project.refresh_from_db()
    update_project(values={"name": "真空泵项目"}, version=project.version, **change)
    assert list(Project.objects.matching("zkbxm")) == [project]
    with pytest.raises(NotAllowedError):
        update_project(values={"area": AreaFactory()}, version=project.version, **change)


def test_the_form_of_the_facts_shows_a_conflict_and_loses_nothing(cast, client):
    sign_in(client, cast.agent)
    url = page("project_edit", cast.project.pk)
    sent = {
        "name": "新名称",
        "investor": "江汉泵业",
        "area": cast.area.pk,
        "kind": "industrial",
        "version": 7,
    }
    conflict = client.post(url, sent, headers=HTMX)
    assert conflict.status_code == 409
    assert "新名称" in conflict.content.decode()
    assert client.post(url, {**sent, "version": 1}).status_code == 302
    sign_in(client, cast.stranger)
    assert client.get(url).status_code == 404


# --- a new lead ---------------------------------------------------------------
def test_a_lead_has_its_creator_as_agent_and_is_linked_with_the_register(cast, client):
    known = EnterpriseFactory(name="天门某泵业有限公司", area=cast.area)
    sign_in(client, cast.agent)
    found = client.get(page("enterprise_options"), {"investor": "某泵业"}, headers=HTMX)
    assert known.name in found.content.decode()
    sent = {
        "name": "泵业二期",
        "investor": known.name,
        "area": cast.area.pk,
        "kind": "industrial",
    }
    assert client.post(page("project_create"), sent).status_code == 302
    project = Project.objects.get(name="泵业二期")
    assert project.enterprise == known
    member = TeamMember.objects.get(project=project)
    assert (member.slot.code, member.user_id) == ("agent", cast.agent.user_id)


def test_an_agent_enters_leads_in_own_areas_only_and_others_find_no_enterprise(cast, client):
    sign_in(client, cast.stranger)
    sent = {"name": "别处", "investor": "某某", "area": cast.area.pk, "kind": "industrial"}
    assert client.post(page("project_create"), sent).status_code == 422
    sign_in(client, cast.leader)
    assert client.get(page("enterprise_options"), {"investor": "某泵业"}).status_code == 403
