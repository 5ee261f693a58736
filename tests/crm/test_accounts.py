"""Accounts of the staff: opened, changed, handed over, closed; by administrators alone."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from crm import services
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records.models import AuditEvent
from crm.filters import AccountFilter
from crm.selectors import staff_accounts, states_of_accounts
from crm.services import AccountInput
from projects.models import Approval, ListItem, TeamMember, TeamSlot
from projects.services import entrust_approvals
from tests.common.factories import UserFactory
from tests.crm.factories import AT, AreaFactory, DepartmentFactory, acting, staff
from tests.issues.factories import ProjectFactory
from tests.projects.factories import matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return staff(Role.ADMIN)


def _data(*roles, **more):
    return AccountInput("周敏", roles, DepartmentFactory().pk, **more)


def _item(project, person):
    return ListItem.objects.create(
        project=project,
        what="通电",
        department=DepartmentFactory(),
        person=person,
        due_on=AT.date(),
        created_at=AT,
        updated_at=AT,
    )


def test_an_account_is_opened_and_its_person_sets_the_password_once(client, admin):
    area = AreaFactory()
    client.force_login(admin)
    typed = {
        "username": "ZhouMin",
        "display_name": "周敏",
        "roles": ["agent", "lead"],
        "department": DepartmentFactory().pk,
        "areas": [area.pk],
    }
    client.post(reverse("staff:crm:account_create"), typed)
    user = User.objects.get(username="zhoumin")
    actor = acting(user)
    assert actor.roles == {Role.AGENT, Role.LEAD}
    assert actor.area_ids == {area.pk}
    assert not user.has_usable_password()
    url = reverse("staff:crm:account_act", args=[user.pk, "password-link"])
    page = client.post(url, follow=True).content.decode()
    link = re.search(r"/accounts/password/reset/key/[\w-]+/", page)[0]
    client.logout()
    form = client.get(link, follow=True)
    word = "mianyang-pump-2024"
    client.post(form.redirect_chain[-1][0], {"password1": word, "password2": word})
    user.refresh_from_db()
    assert user.check_password(word)


def test_forbidden_pairs_no_role_and_a_taken_name_are_refused_in_words(admin):
    actor = acting(admin)
    UserFactory(username="zhoumin")
    for username, data in (
        ("a", _data(Role.FINANCE, Role.AUDITOR)),
        ("b", _data()),
        ("c", _data(Role.ENTERPRISE)),
        ("ZhouMin", _data(Role.AGENT)),
        ("周敏", _data(Role.AGENT)),
    ):
        with pytest.raises(UserFacingError):
            services.open_account(actor=actor, username=username, data=data)
    assert not AuditEvent.objects.filter(verb="user.create").exists()


def test_roles_are_changed_and_the_audit_keeps_both(admin):
    user = staff(Role.AGENT)
    services.update_account(actor=acting(admin), user=user, data=_data(Role.LEAD))
    assert acting(User.objects.get(pk=user.pk)).roles == {Role.LEAD}
    event = AuditEvent.objects.get(verb="user.update")
    assert (event.before["roles"], event.after["roles"]) == (["agent"], ["lead"])


def test_the_last_administrator_neither_leaves_nor_loses_the_role(admin):
    actor = acting(admin)
    with pytest.raises(UserFacingError):
        services.update_account(actor=actor, user=admin, data=_data(Role.AGENT))
    with pytest.raises(UserFacingError):
        services.close_account(actor=actor, user=admin, reason="退休", at=AT)
    staff(Role.ADMIN)
    services.close_account(actor=actor, user=admin, reason="退休", at=AT)
    assert not User.objects.get(pk=admin.pk).is_active


def test_who_leaves_hands_over_everything_and_history_stays(client, admin):
    leaving, taking = staff(Role.AGENT), staff(Role.AGENT)
    project = ProjectFactory()
    slot = TeamSlot.objects.create(code="agent", name="代办员", holder="person", order=1)
    TeamMember.objects.create(project=project, slot=slot, user=leaving, since=AT.date())
    item = _item(project, leaving)
    with pytest.raises(UserFacingError):
        services.close_account(actor=acting(admin), user=leaving, reason="调离", at=AT)
    assert User.objects.get(pk=leaving.pk).is_active
    client.force_login(admin)
    url = reverse("staff:crm:account_leave", args=[leaving.pk])
    assert "to_projects" in client.get(url).content.decode()
    typed = {"reason": "调离", "to_projects": taking.pk, "to_items": taking.pk}
    client.post(url, typed)
    item.refresh_from_db()
    assert item.person == taking
    places = TeamMember.objects.filter(project=project).order_by("pk")
    assert [(row.user, row.until is None) for row in places] == [(leaving, False), (taking, True)]
    assert not User.objects.get(pk=leaving.pk).is_active


def test_a_closed_account_is_opened_again_and_its_second_step_reset(client, admin):
    user = staff(Role.AGENT)
    services.close_account(actor=acting(admin), user=user, reason="借调", at=AT)
    client.force_login(admin)
    for act in ("reopen", "second-step", "sessions"):
        answer = client.post(reverse("staff:crm:account_act", args=[user.pk, act]))
        assert answer.status_code == 302
    assert User.objects.get(pk=user.pk).is_active
    unknown = client.post(reverse("staff:crm:account_act", args=[user.pk, "nothing"]))
    assert unknown.status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_else_keeps_accounts(client, role):
    stranger, user = staff(role), staff(Role.AGENT)
    client.force_login(stranger)
    for name, *args in (
        ("account_list",),
        ("account_create",),
        ("account_detail", user.pk),
        ("account_leave", user.pk),
    ):
        assert client.get(reverse(f"staff:crm:{name}", args=args)).status_code == 403
    actor = acting(stranger)
    for act in (
        lambda: services.open_account(actor=actor, username="x", data=_data(Role.AGENT)),
        lambda: services.update_account(actor=actor, user=user, data=_data(Role.AGENT)),
        lambda: services.close_account(actor=actor, user=user, reason="x", at=AT),
        lambda: services.reopen_account(actor=actor, user=user),
        lambda: services.password_link(actor=actor, user=user),
        lambda: services.reset_second_step(actor=actor, user=user),
        lambda: services.end_sessions(actor=actor, user=user),
    ):
        with pytest.raises(NotAllowedError):
            act()


def test_the_first_administrator_is_made_once(monkeypatch):
    DepartmentFactory(code="ansb", name="安商办")
    monkeypatch.setattr("sys.stdin", io.StringIO("mianyang-pump-2024\n"))
    call_command(
        "first_admin", "peng", "--name", "彭向阳", "--password-stdin", stdout=io.StringIO()
    )
    user = User.objects.get(username="peng")
    assert user.check_password("mianyang-pump-2024")
    assert acting(user).roles == {Role.ADMIN}
    with pytest.raises(CommandError):
        call_command("first_admin", "li", "--name", "李", "--link", stdout=io.StringIO())


def test_the_first_administrator_may_set_the_password_by_link():
    DepartmentFactory(code="ansb", name="安商办")
    out = io.StringIO()
    call_command("first_admin", "peng", "--name", "彭向阳", "--link", stdout=out)
    assert "/accounts/password/reset/key/" in out.getvalue()


def test_a_weak_password_or_a_missing_department_is_told(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("123\n"))
    with pytest.raises(CommandError):
        call_command("first_admin", "peng", "--name", "彭向阳", "--password-stdin")
    with pytest.raises(CommandError):
        call_command("first_admin", "peng", "--name", "彭向阳", "--link")
    assert not User.objects.exists()


def _bulk(client, action, people, **fields):
    typed = {"bulk": action, "pick": [one.pk for one in people], **fields}
    return client.post(reverse("staff:crm:account_list"), typed, follow=True)


def test_many_accounts_get_and_lose_a_role_an_area_and_the_demand_for_a_second_step(client, admin):
    area = AreaFactory()
    people = [staff(Role.AGENT), staff(Role.FINANCE)]
    client.force_login(admin)
    page = _bulk(client, "role", people, how="give", role="auditor").content.decode()
    assert "财政" in page  # one cannot be both, the other became an auditor
    assert acting(User.objects.get(pk=people[0].pk)).roles == {Role.AGENT, Role.AUDITOR}
    _bulk(client, "role", people[:1], how="take", role="auditor")
    _bulk(client, "area", people[:1], how="give", area=area.pk)
    agent = User.objects.get(pk=people[0].pk)
    assert (acting(agent).roles, acting(agent).area_ids) == ({Role.AGENT}, {area.pk})
    _bulk(client, "area", people[:1], how="take", area=area.pk)
    assert acting(User.objects.get(pk=agent.pk)).area_ids == frozenset()
    _bulk(client, "second", people, due="yes")
    client.force_login(agent)
    assert client.get(reverse("my_page")).url == reverse("mfa_activate_totp")
    client.force_login(admin)
    assert client.get(reverse("my_page")).status_code == 200


def test_many_accounts_are_closed_but_nobody_with_work_in_hand(client, admin):
    idle, busy = staff(Role.AGENT), staff(Role.AGENT)
    _item(ProjectFactory(), busy)
    client.force_login(admin)
    page = _bulk(client, "close", [idle, busy], reason="机构改革").content.decode()
    assert busy.display_name in page
    assert not User.objects.get(pk=idle.pk).is_active
    assert User.objects.get(pk=busy.pk).is_active


def test_links_for_many_come_as_a_table_and_each_is_in_the_audit(client, admin):
    people = [staff(Role.AGENT), staff(Role.AGENT, is_active=False)]
    client.force_login(admin)
    answer = _bulk(client, "links", people)
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == [people[0].username]
    client.logout()
    assert client.get(rows[0][3], follow=True).status_code == 200
    assert AuditEvent.objects.filter(verb="user.password_link").count() == 1


def test_the_pane_comes_alone_when_htmx_asks_and_beside_the_list_otherwise(client, admin):
    user = staff(Role.AGENT)
    client.force_login(admin)
    for name in ("account_detail", "account_leave"):
        url = reverse(f"staff:crm:{name}", args=[user.pk])
        whole = client.get(url).content.decode()
        pane = client.get(url, headers={"hx-request": "true", "hx-target": "pane"}).content.decode()
        rows = client.get(url, headers={"hx-request": "true", "hx-target": "list"}).content.decode()
        shown = [('id="pane"' in page, 'id="list"' in page) for page in (pane, whole, rows)]
        assert shown == [(True, False), (True, True), (False, True)]


def test_approvals_that_somebody_pushes_go_to_the_receiver(admin):
    leaving, taking = staff(Role.AGENT), staff(Role.AGENT)
    entry, project = matter(), ProjectFactory()
    lead = staff(Role.LEAD, areas=[project.area])
    [case] = entrust_approvals(actor=acting(lead), project=project, matters=[entry], at=AT)
    Approval.objects.filter(pk=case.pk).update(agent=leaving)
    with pytest.raises(UserFacingError):
        services.close_account(actor=acting(admin), user=leaving, reason="调离", at=AT)
    services.close_account(
        actor=acting(admin), user=leaving, reason="调离", at=AT, taking={"approvals": taking}
    )
    before = case.version
    case.refresh_from_db()
    assert (case.agent, case.version) == (taking, before + 1)


def test_the_tab_of_the_idle_counts_whom_it_shows_and_who_was_just_opened_is_not_idle():
    admin = staff(Role.ADMIN)
    long_gone, fresh, seen = staff(Role.AGENT), staff(Role.AGENT), staff(Role.AGENT)
    past = timezone.now() - timedelta(days=91)
    User.objects.filter(pk=long_gone.pk).update(date_joined=past)
    User.objects.filter(pk=seen.pk).update(date_joined=past, last_login=timezone.now())
    rows = staff_accounts(acting(admin))
    found = AccountFilter({"state": "idle"}, queryset=rows).qs
    assert [row.pk for row in found] == [long_gone.pk]
    assert states_of_accounts(acting(admin))["idle"] == 1
    assert fresh.last_login is None
