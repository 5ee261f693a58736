"""The project list and page: who sees what, and what the buttons do."""

import pytest
from django.urls import reverse

from crm.common.people.enums import Role
from crm.common.people.models import User
from projects.enums import Stage
from projects.services import add_list_items
from projects.services.items import ItemInput
from tests.crm.factories import AT, DepartmentFactory, member_of
from tests.projects.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))


def test_an_agent_finds_the_project_by_initials_and_opens_it(cast, client):
    sign_in(client, cast.agent)
    page = client.get(reverse("staff:projects:project_list"), {"q": "bfscx"})
    assert cast.project.name in page.content.decode()
    page = client.get(reverse("staff:projects:project_detail", args=[cast.project.pk]))
    assert page.status_code == 200
    assert cast.project.code in page.content.decode()


def test_a_stranger_and_an_enterprise_do_not_get_in(cast, client):
    url = reverse("staff:projects:project_detail", args=[cast.project.pk])
    sign_in(client, cast.stranger)
    assert client.get(url).status_code == 404
    client.force_login(member_of(cast.enterprise))
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("view", ["unit", "task", "due", "nonsense"])
def test_the_one_list_has_three_views_of_the_same_rows(cast, client, view):
    rows = [ItemInput(what="交付净地", department_id=DepartmentFactory().pk, due_on=AT.date())]
    add_list_items(actor=cast.agent, project=cast.project, items=rows, at=AT)
    sign_in(client, cast.agent)
    url = reverse("staff:projects:project_detail", args=[cast.project.pk])
    page = client.get(url, {"view": view}, headers={"HX-Request": "true"})
    assert "交付净地" in page.content.decode()
    assert "<html" not in page.content.decode()


def test_a_stage_is_moved_with_what_shows_it_and_a_stranger_s_post_is_a_404(cast, client):
    url = reverse("staff:projects:project_move", args=[cast.project.pk, "to_negotiating"])
    sign_in(client, cast.stranger)
    assert client.post(url, {"note": "来访"}).status_code == 404
    sign_in(client, cast.agent)
    assert client.post(url).status_code == 422
    cast.project.refresh_from_db()
    assert cast.project.stage == Stage.LEAD
    assert client.post(url, {"note": "来访"}).status_code == 302
    cast.project.refresh_from_db()
    assert cast.project.stage == Stage.NEGOTIATING
    # The form of a screen that is not fresh says what happened meanwhile.
    again = client.post(url, {"version": 1, "note": "来访"})
    assert again.status_code == 409
    assert client.post(url.replace("to_negotiating", "to_the_moon")).status_code == 404


def test_a_row_is_finished_from_the_page_and_says_what_was_delivered(cast, client):
    rows = [ItemInput(what="交付净地", department_id=DepartmentFactory().pk, due_on=AT.date())]
    (item,) = add_list_items(actor=cast.agent, project=cast.project, items=rows, at=AT)
    sign_in(client, cast.agent)
    url = reverse("staff:projects:item_move", args=[item.pk, "finish"])
    client.post(url, {"version": item.version})
    item.refresh_from_db()
    assert item.is_open
    client.post(url, {"version": item.version, "note": "交地确认书"})
    item.refresh_from_db()
    assert item.is_done


def test_a_lead_is_entered_and_the_same_again_gets_its_number(cast, client):
    sign_in(client, cast.agent)
    url = reverse("staff:projects:project_create")
    data = {
        "name": "冷链物流中心项目",
        "investor": "天门某公司",
        "area": cast.area.pk,
        "kind": "logistics",
    }
    assert client.post(url, data).status_code == 302
    again = client.post(url, data)
    assert again.status_code == 422
    assert "TM2" in again.content.decode()


def test_only_agents_leads_and_administrators_enter_leads(cast, client):
    sign_in(client, cast.leader)
    assert not cast.leader.has(Role.AGENT)
    assert client.get(reverse("staff:projects:project_create")).status_code == 403
