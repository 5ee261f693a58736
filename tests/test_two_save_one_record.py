"""Two people save one record: the later one chooses per field, and nothing of the first is lost."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import models
from django.urls import reverse

from crm.common.face.conflicts import VersionedForm
from crm.common.people.enums import Role
from crm.common.people.models import User
from projects.services import ItemInput, add_list_items
from tests.crm.factories import (
    AT,
    ContactFactory,
    DepartmentFactory,
    EnterpriseFactory,
    IndustryFactory,
    staff,
)
from tests.projects.factories import Cast

pytestmark = pytest.mark.django_db


@dataclass
class Case:
    """A form: its address, who opens it, the record, and what either person enters.

    Both touch `both`; `one` is touched by the first person only, `other` by the second only.
    """

    url: str
    user: User
    record: models.Model
    both: str
    one: str = ""
    other: str = ""


def enterprise():
    cast = Cast()
    user = User.objects.get(pk=cast.agent.user_id)
    row = EnterpriseFactory(area=cast.project.area, industry=IndustryFactory())
    url = reverse("staff:crm:enterprise_edit", args=[row.pk])
    return Case(url, user, row, "address", "legal_representative", "established_on")


def new_name():
    case = enterprise()
    case.url = reverse("staff:crm:enterprise_rename", args=[case.record.pk])
    return Case(case.url, case.user, case.record, "name")


def contact():
    case = enterprise()
    row = ContactFactory(enterprise=case.record, email="a@anshang.test")
    url = reverse("staff:crm:contact_edit", args=[row.pk])
    return Case(url, case.user, row, "name", "title", "phone")


def account():
    row = staff(Role.AGENT, display_name="周敏")
    url = reverse("staff:crm:account_detail", args=[row.pk])
    return Case(url, staff(Role.ADMIN), row, "display_name", "phone", "email")


def project():
    cast = Cast()
    row, user = cast.project, User.objects.get(pk=cast.agent.user_id)
    url = reverse("staff:projects:project_edit", args=[row.pk])
    return Case(url, user, row, "name", "filing_code", "signed_on")


def list_item():
    cast = Cast()
    task = ItemInput(what="交地", department_id=DepartmentFactory().pk, due_on=date(2099, 9, 20))
    (row,) = add_list_items(actor=cast.agent, project=cast.project, items=[task], at=AT)
    user = User.objects.get(pk=cast.agent.user_id)
    url = reverse("staff:projects:item_edit", args=[row.pk])
    return Case(url, user, row, "what", "deliverable", "due_on")


FORMS = [enterprise, new_name, contact, account, project, list_item]
ENTERED = {
    "established_on": "2020-05-06",
    "signed_on": "2024-05-06",
    "due_on": "2099-09-21",
    "phone": "0728-5223344",
    "email": "zhou@anshang.test",
}


def entered(name, who):
    return ENTERED.get(name) or f"{who}填的"


def kept(record, name):
    record.refresh_from_db()
    value = getattr(record, name)
    return value.isoformat() if isinstance(value, date) else value


def form_of(answer):
    found = answer.context.get("form") or answer.context["act"].form
    assert isinstance(found, VersionedForm)
    return found


def sent_by(form, **changes):
    """Return what a browser sends of a form, all fields as they were drawn but for some."""
    sent = {}
    for field in form:
        value = field.value()
        if field.name not in ("version", "opened") and not form.chooses:
            value = form._stored(field.name)
        sent[field.html_name] = [] if value is None else value
    if form.chooses:
        sent["asked"] = [one.name for one in form.differences]
        sent |= {f"keep-{one.name}": one.keep for one in form.differences if one.keep}
    return sent | changes


@pytest.fixture(params=FORMS, ids=lambda build: build.__name__)
def case(request):
    return request.param()


def opened_by_two(client, case):
    """Both open the form; the first one saves. Return the form the second one still has."""
    client.force_login(case.user)
    form = form_of(client.get(case.url))
    first = {name: entered(name, "甲") for name in (case.both, case.one) if name}
    assert client.post(case.url, sent_by(form, **first)).status_code == 302
    assert kept(case.record, case.both) == "甲填的"
    return form


def refused(client, case, form):
    """The second one saves; return the form that asks what stays."""
    second = {name: entered(name, "乙") for name in (case.both, case.other) if name}
    answer = client.post(case.url, sent_by(form, **second))
    again = form_of(answer)
    assert again.chooses
    assert kept(case.record, case.both) == "甲填的"
    text = answer.content.decode()
    assert "甲填的" in text
    assert "乙填的" in text
    assert "别人先存了" in text
    return again


def test_the_later_one_sees_both_values_of_each_field_that_differs(client, case):
    again = refused(client, case, opened_by_two(client, case))
    found = {one.name: one for one in again.differences}
    assert set(found) == {name for name in (case.both, case.one, case.other) if name}
    assert (found[case.both].theirs, found[case.both].mine) == ("甲填的", "乙填的")
    choices = [found[name].keep for name in (case.both, case.one, case.other) if name]
    assert choices == ["", "theirs", "mine"][: len(choices)]


def test_what_both_changed_must_be_decided(client, case):
    again = refused(client, case, opened_by_two(client, case))
    answer = client.post(case.url, sent_by(again))
    once_more = form_of(answer)
    assert once_more.chooses
    assert "选一下留哪个" in answer.content.decode()
    assert [one.name for one in once_more.differences if not one.keep] == [case.both]
    assert kept(case.record, case.both) == "甲填的"


@pytest.mark.parametrize(("keep", "stays"), [("theirs", "甲填的"), ("mine", "乙填的")])
def test_the_choice_is_saved_on_top_and_keeps_what_only_one_touched(client, case, keep, stays):
    again = refused(client, case, opened_by_two(client, case))
    answer = client.post(case.url, sent_by(again, **{f"keep-{case.both}": keep}))
    assert answer.status_code == 302
    assert kept(case.record, case.both) == stays
    if case.one:
        assert kept(case.record, case.one) == entered(case.one, "甲")
        assert kept(case.record, case.other) == entered(case.other, "乙")


def test_a_third_one_in_between_is_asked_about_too(client, case):
    again = refused(client, case, opened_by_two(client, case))
    third = form_of(client.get(case.url))
    assert client.post(case.url, sent_by(third, **{case.both: "丙填的"})).status_code == 302
    chosen = sent_by(again, **{f"keep-{case.both}": "mine"})
    once_more = form_of(client.post(case.url, chosen))
    found = {one.name: one for one in once_more.differences}
    assert (found[case.both].theirs, found[case.both].mine) == ("丙填的", "乙填的")
    assert kept(case.record, case.both) == "丙填的"


def test_choices_read_as_words_not_as_keys(client):
    case = account()
    power = DepartmentFactory(name="供电公司")
    form = opened_by_two(client, case)
    answer = client.post(case.url, sent_by(form, department=power.pk, roles=["lead", "handler"]))
    found = {one.name: one for one in form_of(answer).differences}
    assert found["department"].mine == "供电公司"
    assert set(found["roles"].mine.split("、")) == {"专班组长", "部门经办"}
    assert found["roles"].theirs == "代办员"
    assert 'type="hidden" name="roles" value="lead"' in answer.content.decode()


def test_a_form_without_what_it_was_opened_on_decides_nothing_by_itself(client):
    case = enterprise()
    form = opened_by_two(client, case)
    for broken in ("", "[]", "{", '"x"'):
        again = form_of(client.post(case.url, sent_by(form, opened=broken, address="乙填的")))
        assert {one.keep for one in again.differences} == {""}
