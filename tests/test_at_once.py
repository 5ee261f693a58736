"""Two do the same at the same moment: one row, one sentence, never an error of the database.

The races, and where each is run on PostgreSQL with two connections:

1. an enterprise or a list of them, an account, a clause, a membership, a consent, a day of the
   calendar, an absence, a merge entered twice: `ONCE` below
2. the same project registered twice: tests/projects/test_two_people.py,
   test_the_same_project_is_registered_once
3. one matter entrusted twice: there, test_one_matter_is_entrusted_once
4. numbers of one series: below, and tests/common/test_numbering.py
5. two first contacts of an enterprise: below
6. one record saved by two: below, test_of_two_who_save_one_record_one_is_asked
7. the enterprise's word given twice, "solved" pressed again: tests/issues/test_two_people.py,
   test_of_two_words_at_once_one_counts
8. a recurrence that opens its round twice: there, test_a_recurrence_opens_one_round
9. one target of a sweep visited twice, excused twice, excused and visited, given and visited:
   there, the two tests of a target
10. the same move of a case made twice, one of each machine: there and in tests/projects,
    test_one_wins_and_the_other_is_told_what_changed; an import taken back and a version
    published: tests/profiles/test_moves.py, tests/policy_match/test_moves.py
11. an issue handed eight times to whom it is handed: below

One import by two workers stands in tests/profiles/test_import_job.py, the audit under many hands
in tests/common/test_audit_at_once.py.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from crm import services
from crm.common.days.enums import DayKind
from crm.common.days.models import WorkdayException
from crm.common.errors import ConflictError, UserFacingError
from crm.common.outbox.models import Recipient
from crm.common.people.enums import Role
from crm.common.people.models import Absence, User
from crm.common.records.models import NumberSeries
from crm.common.records.once import is_double, only_once
from crm.common.records.transitions import MoveRefused
from crm.common.services import add_workday_exception
from crm.models import Contact, Enterprise, EnterpriseMerge, Membership
from crm.rules import complete_uscc
from crm.services.enterprises import EnterpriseInput
from issues import services as issue_services
from issues.models import Issue
from policy_match.models import Clause
from policy_match.services import ClauseInput, register_clause
from profiles.models import Consent
from profiles.services import give_consent
from tests.common.factories import UserFactory
from tests.crm.factories import (
    AT,
    DepartmentFactory,
    EnterpriseFactory,
    IndustryFactory,
    acting,
    staff,
)
from tests.issues.factories import Cast
from tests.issues.test_two_people import together
from tests.policy_match.cast import CLAUSE
from tests.projects.test_two_people import both


def firm(cast):
    code = complete_uscc("91429006", "MA990001")
    return EnterpriseInput(
        uscc=code, name="同名公司", area_id=cast.area.pk, industry_id=IndustryFactory().pk
    )


def a_firm(cast):
    data = firm(cast)
    act = lambda: services.register_enterprise(actor=cast.acts("agent"), data=data, at=AT)  # noqa: E731
    return act, Enterprise.objects.filter(uscc=data.uscc), "已在库中"


def many_firms(cast):
    data = firm(cast)
    act = lambda: services.register_enterprises(actor=cast.acts("agent"), rows=[data], at=AT)  # noqa: E731
    return act, Enterprise.objects.filter(uscc=data.uscc), "已在库中"


def an_account(_cast):
    admin, department = acting(staff(Role.ADMIN)), DepartmentFactory().pk
    data = services.AccountInput("周敏", (Role.AGENT,), department)
    act = lambda: services.open_account(actor=admin, username="zhoumin", data=data)  # noqa: E731
    return act, User.objects.filter(username="zhoumin"), "zhoumin"


def a_clause(_cast):
    keys = ("code", "title", "words", "policy_title", "issuer", "effective_from")
    editor = acting(staff(Role.POLICY_EDITOR))
    data = ClauseInput(**{key: CLAUSE[key] for key in keys})
    act = lambda: register_clause(actor=editor, data=data, at=AT)  # noqa: E731
    return act, Clause.objects.filter(code=data.code), data.code


def a_membership(cast):
    user, agent = UserFactory(display_name="胡立"), cast.acts("agent")
    act = lambda: services.add_membership(  # noqa: E731
        actor=agent, enterprise=cast.enterprise, user=user, role="manager", since=AT.date()
    )
    return act, Membership.objects.filter(user=user), "胡立"


def a_consent(cast):
    member = cast.acts("member")
    act = lambda: give_consent(  # noqa: E731
        actor=member, enterprise=cast.enterprise, signed_by="胡立", at=AT
    )
    return act, Consent.objects.filter(enterprise=cast.enterprise), "授权"


def a_day_of_the_calendar(_cast):
    admin, day = acting(staff(Role.ADMIN)), date(2024, 9, 26)
    act = lambda: add_workday_exception(  # noqa: E731
        actor=admin, day=day, kind=DayKind.OFF, reason="市府通知", at=AT
    )
    return act, WorkdayException.objects.filter(day=day), "2024-09-26"


def an_absence(cast):
    deputy = staff(Role.AGENT, areas=[cast.area], department=cast.agent.staff_profile.department)
    admin = acting(staff(Role.ADMIN))
    data = services.AbsenceInput(deputy, date(2024, 9, 20), date(2024, 9, 22), "学习")
    act = lambda: services.enter_absence(actor=admin, user=cast.agent, data=data, at=AT)  # noqa: E731
    return act, Absence.objects.filter(user=cast.agent), "2024-09-20"


def a_merge(cast):
    twin, lead = EnterpriseFactory(area=cast.area), cast.acts("lead")
    act = lambda: services.merge_enterprises(  # noqa: E731
        actor=lead, enterprise=cast.enterprise, duplicate=twin, reason="同一执照", at=AT
    )
    return act, EnterpriseMerge.objects.filter(duplicate=twin), "合并"


ONCE = [
    a_firm,
    many_firms,
    an_account,
    a_clause,
    a_membership,
    a_consent,
    a_day_of_the_calendar,
    an_absence,
    a_merge,
]


@pytest.mark.parametrize("case", ONCE, ids=lambda case: case.__name__)
@together
def test_what_exists_once_is_entered_once_and_the_other_is_told(case):
    act, rows, word = case(Cast())
    made, refused = both(act)
    assert (made, len(refused), rows.count()) == (1, 1, 1)
    assert word in str(refused[0])


@pytest.mark.django_db
@pytest.mark.parametrize("case", ONCE, ids=lambda case: case.__name__)
def test_whoever_comes_later_is_told_the_same(case):
    act, rows, word = case(Cast())
    act()
    with pytest.raises(UserFacingError, match=word):
        act()
    assert rows.count() == 1


@together
def test_of_two_first_contacts_at_once_the_later_one_is_first():
    cast = Cast()
    agent = cast.acts("agent")
    made, refused = both(
        lambda: services.add_contact(
            actor=agent,
            enterprise=cast.enterprise,
            name="胡立",
            phone="13900008217",
            is_primary=True,
            at=AT,
        )
    )
    assert (made, refused) == (2, [])
    assert Contact.objects.filter(is_primary=True).count() == 1


@together
def test_of_two_who_save_one_record_one_is_asked():
    cast = Cast()
    agent, row = cast.acts("agent"), cast.enterprise
    save = lambda address: services.update_enterprise(  # noqa: E731
        actor=agent,
        enterprise=Enterprise.objects.get(pk=row.pk),
        values={"address": address},
        version=1,
        at=AT,
    )
    made, refused = both(lambda: save("侨乡大道2号"), lambda: save("侨乡大道3号"))
    assert (made, [type(one) for one in refused]) == (1, [ConflictError])
    stored = Enterprise.objects.get(pk=row.pk)
    ((theirs, mine),) = refused[0].changes.values()
    assert (stored.version, stored.address) == (2, theirs)
    assert {theirs, mine} == {"侨乡大道2号", "侨乡大道3号"}


@together
def test_two_issues_at_once_get_two_numbers_of_one_series():
    cast = Cast()
    assert both(cast.log) == (2, [])
    numbers = sorted(Issue.objects.values_list("number", flat=True))
    assert len(set(numbers)) == 2
    assert NumberSeries.objects.get(prefix="WT", year=2024).last == 2


@pytest.mark.django_db
def test_handing_an_issue_to_whom_it_is_handed_tells_nobody_twice():
    cast = Cast()
    issue = cast.log(department=cast.power)
    later = AT + timedelta(minutes=5)
    told = Recipient.objects.filter(message__kind="issues.assigned")
    first = told.count()
    for _press in range(8):
        with pytest.raises(MoveRefused, match="不重复"):
            issue_services.assign_issue(
                actor=cast.acts("lead"), at=AT, issue=issue, department=cast.power
            )
    assert (told.count(), issue.rounds.get().assignments.count()) == (first, 1)
    issue_services.assign_issue(
        actor=cast.acts("lead"), at=later, issue=issue, department=cast.power, task="先送临时电"
    )
    assert told.count() > first


@pytest.mark.django_db
def test_only_a_double_becomes_a_sentence():
    UserFactory(username="zhou")
    with pytest.raises(UserFacingError, match="twice"), only_once(lambda: UserFacingError("twice")):
        UserFactory(username="zhou")
    with pytest.raises(IntegrityError), only_once(lambda: UserFacingError("twice")):
        User.objects.filter(username="zhou").update(username=None)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        User.objects.filter(username="zhou").update(username=None)
    assert not is_double(caught.value)
