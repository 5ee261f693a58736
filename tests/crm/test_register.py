"""Registering, changing and renaming enterprises; contacts, visits, memberships."""

from datetime import timedelta

import pytest

from crm import services
from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.people.enums import Role
from crm.common.records.models import AuditEvent
from crm.enums import MembershipRole, RegistrationStatus
from crm.models import Contact, Enterprise, Visit
from crm.rules import complete_uscc
from crm.services import EnterpriseInput
from tests.crm.factories import (
    AT,
    AreaFactory,
    ContactFactory,
    EnterpriseFactory,
    acting,
    member_of,
    staff,
)

pytestmark = pytest.mark.django_db
CODE = complete_uscc("91429006", "MAD00001")


@pytest.fixture
def area():
    return AreaFactory()


@pytest.fixture
def agent(area):
    return acting(staff(Role.AGENT, areas=[area]))


@pytest.fixture
def stranger():
    return acting(staff(Role.AGENT, areas=[AreaFactory()]))


def _input(area, code=CODE, name="天门市楚绣服饰有限公司"):
    return EnterpriseInput(uscc=code, name=name, area_id=area.pk)


def test_an_agent_registers_in_the_own_area(agent, area):
    row = services.register_enterprise(
        actor=agent, data=_input(area, f" {CODE.lower()} ", " 天门市  楚绣服饰有限公司 "), at=AT
    )
    assert (row.uscc, row.name) == (CODE, "天门市 楚绣服饰有限公司")
    assert AuditEvent.objects.get(verb="enterprise.register").target_id == str(row.pk)
    assert Enterprise.objects.matching("chuxiu").get() == row


def test_a_stranger_may_not_register_in_an_area_of_others(stranger, area):
    with pytest.raises(NotAllowedError):
        services.register_enterprise(actor=stranger, data=_input(area), at=AT)
    assert not Enterprise.objects.exists()


def test_a_known_code_says_who_has_it(agent, area):
    services.register_enterprise(actor=agent, data=_input(area), at=AT)
    with pytest.raises(UserFacingError, match="楚绣"):
        services.register_enterprise(actor=agent, data=_input(area, name="另一家"), at=AT)


@pytest.mark.parametrize(("code", "name"), [(CODE[:-1] + "0", "甲"), (CODE[:5], "甲"), (CODE, " ")])
def test_a_wrong_code_or_an_empty_name_stores_nothing(agent, area, code, name):
    assert code != CODE or not name.strip()
    with pytest.raises(UserFacingError):
        services.register_enterprise(actor=agent, data=_input(area, code, name), at=AT)
    assert not Enterprise.objects.exists()


def test_a_list_is_stored_whole_or_not_at_all(agent, area):
    good = [_input(area, complete_uscc("91429006", f"MAD0000{n}"), f"第{n}厂") for n in range(5)]
    for bad in (good[0], _input(area, CODE[:-2])):
        with pytest.raises(UserFacingError):
            services.register_enterprises(actor=agent, rows=[*good, bad], at=AT)
        assert not Enterprise.objects.exists()
    assert len(services.register_enterprises(actor=agent, rows=good, at=AT)) == 5
    with pytest.raises(UserFacingError, match="第0厂"):
        services.register_enterprises(actor=agent, rows=good[:1], at=AT)


def test_of_two_editors_the_later_is_shown_both_values(agent, area):
    row = EnterpriseFactory(area=area, address="侨乡大道1号")
    again = Enterprise.objects.get(pk=row.pk)
    services.update_enterprise(
        actor=agent, enterprise=row, values={"address": "侨乡大道2号"}, version=1, at=AT
    )
    with pytest.raises(ConflictError) as raised:
        services.update_enterprise(
            actor=agent, enterprise=again, values={"address": "侨乡大道3号"}, version=1, at=AT
        )
    assert list(raised.value.changes.values()) == [("侨乡大道2号", "侨乡大道3号")]
    assert Enterprise.objects.get(pk=row.pk).address == "侨乡大道2号"


def test_the_audit_of_a_change_holds_no_person_in_clear(agent, area):
    row = EnterpriseFactory(area=area)
    services.update_enterprise(
        actor=agent, enterprise=row, values={"legal_representative": "徐巧玲"}, version=1, at=AT
    )
    event = AuditEvent.objects.get(verb="enterprise.update")
    assert "徐巧玲" not in str(event.after)
    assert event.after["legal_representative"].startswith("hmac:")


def test_strangers_neither_change_rename_nor_visit(stranger, area):
    row = EnterpriseFactory(area=area)
    acts = [
        lambda: services.update_enterprise(
            actor=stranger, enterprise=row, values={"address": "x"}, version=1, at=AT
        ),
        lambda: services.rename_enterprise(
            actor=stranger, enterprise=row, name="新名", version=1, at=AT
        ),
        lambda: services.record_visit(
            actor=stranger, enterprise=row, visited_at=AT, learnt="无", at=AT
        ),
        lambda: services.add_contact(actor=stranger, enterprise=row, name="胡立", phone="", at=AT),
        lambda: services.reveal_phone(
            actor=stranger, contact=ContactFactory(enterprise=row), purpose="visit", at=AT
        ),
    ]
    for act in acts:
        with pytest.raises(NotAllowedError):
            act()
    assert not AuditEvent.objects.exists()


def test_an_enterprise_is_not_moved_to_an_area_of_others(agent, area):
    row = EnterpriseFactory(area=area)
    with pytest.raises(NotAllowedError):
        services.update_enterprise(
            actor=agent, enterprise=row, values={"area": AreaFactory()}, version=1, at=AT
        )
    row.refresh_from_db()
    assert row.area == area


def test_a_renamed_enterprise_is_found_under_both_names(agent, area):
    row = EnterpriseFactory(area=area, name="天门市旧名制衣有限公司")
    services.rename_enterprise(
        actor=agent, enterprise=row, name="天门市新锐制衣有限公司", version=1, at=AT
    )
    for query in ("旧名", "新锐", "xinrui", row.uscc):
        assert Enterprise.objects.matching(query).get() == row
    with pytest.raises(UserFacingError):
        services.rename_enterprise(
            actor=agent, enterprise=row, name="天门市新锐制衣有限公司", version=2, at=AT
        )


def test_only_one_contact_is_called_first(agent, area):
    row = EnterpriseFactory(area=area)
    first = services.add_contact(
        actor=agent, enterprise=row, name="胡立", phone="13900008217", at=AT, is_primary=True
    )
    second = services.add_contact(
        actor=agent, enterprise=row, name="周敏", phone="", at=AT, is_primary=True
    )
    assert Contact.objects.get(is_primary=True) == second
    services.update_contact(
        actor=agent,
        contact=Contact.objects.get(pk=first.pk),
        name="胡立",
        phone="13900008217",
        version=2,
        at=AT,
        is_primary=True,
    )
    assert Contact.objects.get(is_primary=True) == first


def test_a_contact_without_a_name_is_refused_and_nothing_changes(agent, area):
    row = EnterpriseFactory(area=area)
    contact = ContactFactory(enterprise=row)
    with pytest.raises(UserFacingError):
        services.add_contact(actor=agent, enterprise=row, name=" ", phone="", at=AT)
    with pytest.raises(UserFacingError):
        services.update_contact(actor=agent, contact=contact, name=" ", phone="", version=1, at=AT)
    assert Contact.objects.get().name == "胡立"


def test_looking_at_a_number_is_an_audited_act(agent, area):
    contact = ContactFactory(enterprise=EnterpriseFactory(area=area))
    seen = services.reveal_phone(actor=agent, contact=contact, purpose="visit", at=AT)
    assert seen == "13900008217"
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_id) == ("contact.reveal_phone", agent.user_id)
    assert event.after["purpose"] == "visit"


def test_thirty_numbers_a_day_are_enough_and_the_next_day_counts_anew(agent, area):
    contact = ContactFactory(enterprise=EnterpriseFactory(area=area))
    for _number in range(30):
        services.reveal_phone(actor=agent, contact=contact, purpose="issue", at=AT)
    with pytest.raises(UserFacingError, match="30"):
        services.reveal_phone(actor=agent, contact=contact, purpose="issue", at=AT)
    tomorrow = AT + timedelta(days=1)
    assert services.reveal_phone(actor=agent, contact=contact, purpose="issue", at=tomorrow)


def test_a_visit_is_past_and_says_what_was_learnt(agent, area):
    row = EnterpriseFactory(area=area)
    for when, learnt in ((AT + timedelta(minutes=1), "订单足"), (AT, "  ")):
        with pytest.raises(UserFacingError):
            services.record_visit(
                actor=agent, enterprise=row, visited_at=when, learnt=learnt, at=AT
            )
    visit = services.record_visit(
        actor=agent, enterprise=row, visited_at=AT, learnt=" 订单足 ", at=AT
    )
    assert Visit.objects.get() == visit
    assert visit.learnt == "订单足"


def test_a_member_sees_the_own_enterprise_and_no_other(agent, area):
    own, other = EnterpriseFactory(area=area), EnterpriseFactory(area=area)
    member = acting(member_of(own))
    assert list(Enterprise.objects.visible_to(member)) == [own]
    ContactFactory(enterprise=other)
    assert not Contact.objects.visible_to(member).exists()


def test_a_membership_that_has_ended_opens_nothing(area):
    own = EnterpriseFactory(area=area)
    user = member_of(own)
    user.memberships.update(until=AT.date() - timedelta(days=1))
    assert not Enterprise.objects.visible_to(acting(user)).exists()


def test_an_agent_lets_a_user_act_for_an_enterprise(agent, stranger, area):
    own, user = EnterpriseFactory(area=area), staff(Role.HANDLER)
    values = {"enterprise": own, "user": user, "role": MembershipRole.CLERK, "since": AT.date()}
    with pytest.raises(NotAllowedError):
        services.add_membership(actor=stranger, **values)
    assert services.add_membership(actor=agent, **values).enterprise == own


def test_nobody_chooses_merged_as_a_status():
    assert RegistrationStatus.MERGED not in dict(RegistrationStatus.choosable())
