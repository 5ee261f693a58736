"""The screens of the enterprise room: who gets in, what they say, what they store."""

import pytest
from django.urls import reverse
from django.utils import translation

from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.common.records.models import AuditEvent
from crm.enums import RegistrationStatus
from crm.models import Contact, Enterprise, EnterpriseMerge, Industry, PhoneReveal, Visit
from crm.rules import complete_uscc
from crm.services import load_reference, rename_enterprise
from tests.common.factories import UserFactory
from tests.crm.factories import (
    AT,
    AreaFactory,
    ContactFactory,
    EnterpriseFactory,
    member_of,
    staff,
)

pytestmark = pytest.mark.django_db
LIST = "staff:crm:enterprise_list"
OF_ENTERPRISE = (
    "enterprise_detail",
    "enterprise_edit",
    "enterprise_rename",
    "enterprise_merge",
    "visit_create",
    "contact_create",
)


@pytest.fixture
def area():
    return AreaFactory()


@pytest.fixture
def lead(area):
    return staff(Role.LEAD, areas=[area])


@pytest.fixture
def enterprise(area):
    return EnterpriseFactory(area=area, name="湖北江汉泵业有限公司")


def _url(name, *args):
    return reverse(f"staff:crm:{name}", args=args)


def test_a_stranger_reads_the_register_entry_and_nothing_else(client, enterprise):
    ContactFactory(enterprise=enterprise, name="胡经理")
    client.force_login(staff(Role.LEAD, areas=[AreaFactory()]))
    page = client.get(_url("enterprise_detail", enterprise.pk)).content.decode()
    assert enterprise.uscc in page
    assert "胡经理" not in page
    assert "8217" not in page


@pytest.mark.parametrize("name", OF_ENTERPRISE[1:])
def test_a_stranger_gets_404(client, enterprise, name):
    client.force_login(staff(Role.LEAD, areas=[AreaFactory()]))
    assert client.get(_url(name, enterprise.pk)).status_code == 404


@pytest.mark.parametrize("name", ["contact_reveal", "contact_edit"])
def test_a_stranger_gets_404_for_a_contact(client, enterprise, name):
    contact = ContactFactory(enterprise=enterprise)
    client.force_login(staff(Role.LEAD, areas=[AreaFactory()]))
    assert client.post(_url(name, contact.pk)).status_code == 404
    assert not AuditEvent.objects.exists()


def test_a_stranger_gets_404_for_a_merge(client, enterprise, area):
    merge = EnterpriseMerge.objects.create(
        enterprise=enterprise,
        duplicate=EnterpriseFactory(area=area),
        reason="x",
        status_before=RegistrationStatus.ACTIVE,
        created_at=AT,
    )
    client.force_login(staff(Role.LEAD, areas=[AreaFactory()]))
    assert client.post(_url("merge_undo", merge.pk)).status_code == 404


@pytest.mark.parametrize("name", OF_ENTERPRISE)
def test_an_enterprise_account_stays_out_of_the_workspace(client, enterprise, name):
    client.force_login(member_of(enterprise))
    assert client.get(_url(name, enterprise.pk)).status_code == 403
    assert client.get(reverse(LIST)).status_code == 403


def test_a_visitor_is_sent_to_sign_in(client, enterprise):
    answer = client.get(_url("enterprise_detail", enterprise.pk))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


@pytest.mark.parametrize("query", ["江汉泵业", "汉泵", "jianghan", "hbjhby", "JHBY"])
def test_the_list_finds_by_part_of_a_name_pinyin_and_initials(client, lead, enterprise, query):
    other = EnterpriseFactory(area=enterprise.area, name="天门市楚绣服饰有限公司")
    client.force_login(lead)
    text = client.get(reverse(LIST), {"q": query}).content.decode()
    assert enterprise.name in text
    assert other.name not in text


def test_the_list_finds_by_code_and_narrows_by_status_and_area(client, lead, enterprise, area):
    gone = EnterpriseFactory(area=area, name="已注销厂", status=RegistrationStatus.CANCELLED)
    client.force_login(lead)
    for query, seen, hidden in (
        ({"q": enterprise.uscc}, enterprise, gone),
        ({"status": "cancelled"}, gone, enterprise),
        ({"area": area.pk, "status": "active", "type": "limited"}, enterprise, gone),
    ):
        text = client.get(reverse(LIST), query).content.decode()
        assert seen.name in text
        assert hidden.name not in text


def test_the_export_holds_the_filtered_rows(client, lead, enterprise):
    client.force_login(lead)
    answer = client.get(reverse(LIST), {"format": "xlsx"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_page_of_an_enterprise_without_industry_stands(client, lead, area):
    bare = EnterpriseFactory(area=area, industry=None)
    client.force_login(lead)
    assert client.get(_url("enterprise_detail", bare.pk)).status_code == 200
    assert bare.name in client.get(reverse(LIST)).content.decode()


def test_numbers_are_masked_until_they_are_asked_for(client, lead, enterprise):
    contact = ContactFactory(enterprise=enterprise)
    client.force_login(lead)
    page = client.get(_url("enterprise_detail", enterprise.pk)).content.decode()
    assert "**** 8217" in page
    assert "13900008217" not in page
    asked = client.get(_url("contact_reveal", contact.pk)).content.decode()
    unsaid = client.post(_url("contact_reveal", contact.pk), {"purpose": "x"}).content.decode()
    assert "13900008217" not in asked + unsaid
    said = {"purpose": "visit"}
    shown = client.post(_url("contact_reveal", contact.pk), said).content.decode()
    assert "13900008217" in shown
    assert AuditEvent.objects.get().verb == "contact.reveal_phone"


def test_an_auditor_sees_a_number_only_in_a_numbered_case(client, enterprise):
    contact = ContactFactory(enterprise=enterprise)
    client.force_login(staff(Role.AUDITOR))
    bare = client.post(_url("contact_reveal", contact.pk), {"case_number": ""}).content.decode()
    assert "13900008217" not in bare
    case = {"case_number": "审〔2024〕7号"}
    shown = client.post(_url("contact_reveal", contact.pk), case).content.decode()
    assert "13900008217" in shown
    assert PhoneReveal.objects.get().case_number == "审〔2024〕7号"


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMIN, Role.FINANCE, Role.POLICY_EDITOR])
def test_whoever_does_not_call_enterprises_is_not_shown_a_number(client, enterprise, role):
    contact = ContactFactory(enterprise=enterprise)
    client.force_login(staff(role))
    answer = client.post(_url("contact_reveal", contact.pk), {"purpose": "visit"})
    assert answer.status_code == 403


def test_an_auditor_reads_but_is_offered_no_change(client, enterprise):
    ContactFactory(enterprise=enterprise)
    client.force_login(staff(Role.AUDITOR))
    page = client.get(_url("enterprise_detail", enterprise.pk)).content.decode()
    assert _url("enterprise_edit", enterprise.pk) not in page
    assert client.get(_url("enterprise_edit", enterprise.pk)).status_code == 403


def _register(area, **changed):
    return {
        "uscc": complete_uscc("91429006", "MAD00001"),
        "name": "天门市楚绣服饰有限公司",
        "area": area.pk,
        "enterprise_type": "limited",
        "status": "active",
        "registered_capital_fen": "500.5",
        **changed,
    }


def test_registering_leads_to_the_page_of_the_enterprise(client, lead, area):
    client.force_login(lead)
    answer = client.post(_url("enterprise_create"), _register(area))
    row = Enterprise.objects.get()
    assert answer["Location"] == _url("enterprise_detail", row.pk)
    assert row.registered_capital_fen == 500_500_000


@pytest.mark.parametrize(
    "changed", [{"uscc": "91429006MA4TE5T05G"}, {"name": ""}, {"registered_capital_fen": "-1"}]
)
def test_a_wrong_form_keeps_what_was_typed_and_stores_nothing(client, lead, area, changed):
    client.force_login(lead)
    data = _register(area, **changed)
    answer = client.post(_url("enterprise_create"), data)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert data["uscc"] in answer.content.decode()
    assert not Enterprise.objects.exists()


def test_the_later_of_two_editors_sees_both_values(client, lead, enterprise, area):
    client.force_login(lead)
    data = {
        "area": area.pk,
        "enterprise_type": "limited",
        "status": "active",
        "address": "侨乡大道3号",
        "version": 1,
    }
    Enterprise.objects.filter(pk=enterprise.pk).update(version=2, address="侨乡大道2号")
    answer = client.post(_url("enterprise_edit", enterprise.pk), data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "侨乡大道2号" in text
    assert "侨乡大道3号" in text
    assert client.post(_url("enterprise_edit", enterprise.pk), data | {"version": 2})["Location"]


def test_a_contact_is_added_and_changed(client, lead, enterprise):
    client.force_login(lead)
    wrong = client.post(_url("contact_create", enterprise.pk), {"name": "胡立", "phone": "转88"})
    assert wrong.context["form"].errors["phone"]
    client.post(_url("contact_create", enterprise.pk), {"name": "胡立", "phone": "13900008217"})
    contact = Contact.objects.get()
    client.post(
        _url("contact_edit", contact.pk), {"name": "胡立新", "is_primary": "on", "version": 1}
    )
    contact.refresh_from_db()
    assert (contact.name, contact.is_primary) == ("胡立新", True)


def test_renaming_and_a_rename_in_between(client, lead, enterprise):
    client.force_login(lead)
    url = _url("enterprise_rename", enterprise.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"name": "湖北新江汉泵业有限公司", "version": 1}).status_code == 302
    assert client.post(url, {"name": "另一个名字", "version": 1}).status_code == 409
    page = client.get(_url("enterprise_detail", enterprise.pk)).content.decode()
    assert "湖北新江汉泵业有限公司" in page
    assert "湖北江汉泵业有限公司" in page


def test_a_merge_is_shown_before_it_is_done_and_can_be_undone(client, lead, enterprise, area):
    gone = EnterpriseFactory(area=area, name="江汉泵业（重复）")
    ContactFactory(enterprise=gone)
    client.force_login(lead)
    url = _url("enterprise_merge", enterprise.pk)
    data = {"duplicate": gone.uscc.lower(), "reason": "同一营业执照"}
    preview = client.post(url, data)
    assert gone.name in preview.content.decode()
    assert not EnterpriseMerge.objects.exists()
    assert client.post(url, data | {"confirm": "1"}).status_code == 302
    assert client.get(_url("enterprise_detail", gone.pk)).status_code == 404
    assert gone.uscc in client.get(_url("enterprise_detail", enterprise.pk)).content.decode()
    client.post(_url("merge_undo", EnterpriseMerge.objects.get().pk))
    assert client.get(_url("enterprise_detail", gone.pk)).status_code == 200
    again = client.post(_url("merge_undo", EnterpriseMerge.objects.get().pk), follow=True)
    assert again.status_code == 200


def test_a_code_nobody_has_or_the_own_one_is_refused(client, lead, enterprise):
    client.force_login(lead)
    url = _url("enterprise_merge", enterprise.pk)
    for code in (enterprise.uscc, complete_uscc("91429006", "MAD00009"), "x"):
        answer = client.post(url, {"duplicate": code, "reason": "x", "confirm": "1"})
        assert answer.context["form"].errors["duplicate"]


def test_a_visit_is_recorded(client, lead, enterprise):
    client.force_login(lead)
    url = _url("visit_create", enterprise.pk)
    future = client.post(url, {"visited_on": "2999-01-01", "learnt": "订单足"})
    assert future.context["form"].errors["visited_on"]
    with translation.override("zh-hans"):
        day = client.get(url).context["form"].initial["visited_on"]
    said = {"visited_on": day.isoformat(), "purpose": "routine", "learnt": "订单足"}
    client.post(url, said)
    assert Visit.objects.get().learnt == "订单足"


@pytest.mark.parametrize("role", [Role.AGENT, Role.HANDLER, Role.AUDITOR])
def test_staff_begin_with_today(client, role):
    client.force_login(staff(role))
    assert client.get(reverse("home"))["Location"] == reverse("staff:cms:today")


def test_an_enterprise_begins_with_its_portal_and_others_with_messages(client, enterprise):
    client.force_login(member_of(enterprise))
    assert client.get(reverse("home"))["Location"] == reverse("portal:cms:home")
    client.force_login(UserFactory())
    assert client.get(reverse("home"))["Location"] == reverse("inbox_list")


def test_the_reference_trees_load_twice_without_doubling():
    first = load_reference()
    assert load_reference() == first
    by_length = [
        Industry.objects.filter(code__regex=rf"^{pattern}$").count()
        for pattern in ("[A-T]", "[0-9]{2}")
    ]
    assert by_length == [20, 97]
    orphans = Industry.objects.filter(parent=None).exclude(code__regex="^[A-T]$")
    assert not orphans.exists()
    for row in Industry.objects.select_related("parent").exclude(parent=None):
        assert row.path == f"{row.parent.path}{row.code}/"
        assert row.section == row.parent.section


def test_what_the_system_did_is_told_in_the_readers_words(client, lead, enterprise):
    rename_enterprise(
        actor=system_actor("nightly"),
        enterprise=enterprise,
        name="湖北新名泵业有限公司",
        version=enterprise.version,
        at=AT,
    )
    client.force_login(lead)
    page = client.get(_url("enterprise_detail", enterprise.pk)).content.decode()
    assert "nightly" not in page
    assert "系统" in page
