"""A second round never overwrites the first; one word a round; silence is unconfirmed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.records.transitions import MoveRefused
from crm.common.slots import figures
from issues import services
from issues.models import Confirmation, Issue, IssueAssignment, IssueRound
from issues.selectors.ledger import recurrence_of
from tests.issues.factories import AT, ProjectFactory, limits, picture

pytestmark = pytest.mark.django_db
LOG = "staff:issues:issue_log"
LATER = AT + timedelta(days=20)


def of_round(issue, number):
    """Return everything that stands in a round."""
    this = IssueRound.objects.filter(issue=issue, number=number)
    return (
        this.values().get(),
        list(IssueAssignment.objects.filter(round__in=this).values()),
        list(Confirmation.objects.filter(round__in=this).values()),
        list(this.get().pauses.values()),
        list(this.get().extensions.values()),
    )


def verified(cast):
    issue = cast.answered()
    services.verify_issue(actor=cast.acts("agent"), at=AT, issue=issue)
    return issue


def test_reopening_keeps_dates_limits_answers_and_confirmation_of_the_first_round(cast):
    issue = cast.closed()
    before = of_round(issue, 1)
    version = limits(since=date(2024, 10, 1))
    version.rules.update(contact_days=1, answer_days=2, solve_days=2)
    services.reopen_issue(actor=cast.acts("lead"), at=LATER, issue=issue, reason="又停电")
    services.assign_issue(
        actor=cast.acts("lead"), at=LATER, issue=issue, department=cast.park, task="查线路"
    )
    assert of_round(issue, 1) == before
    issue.refresh_from_db()
    second = issue.current
    assert (issue.status, issue.closed_at, second.number) == ("assigned", None, 2)
    assert second.opened_at == second.clock_from == LATER
    assert (second.solve_days, second.limits_id) == (2, version.pk)
    assert issue.due_on == second.due_on > before[0]["due_on"]
    assert second.opened_because == "又停电"


def test_an_answer_sent_back_or_disputed_begins_a_round_whose_clock_runs_on(cast):
    issue = cast.answered()
    first = of_round(issue, 1)
    services.send_back(actor=cast.acts("lead"), at=LATER, issue=issue, reason="照片看不清")
    after = of_round(issue, 1)
    assert after[0]["outcome"] == "sent_back"
    assert after[1] == first[1]
    second = IssueRound.objects.get(issue=issue, number=2)
    assert (second.clock_from, second.due_on) == (AT, first[0]["due_on"])
    assert second.asked_at is None
    assert [row.answer for row in second.assignments.all()] == [""]


def test_a_change_of_the_catalogue_moves_no_running_clock(cast):
    issue = cast.log(department=cast.power)
    due, before = issue.due_on, of_round(issue, 1)
    version = limits(since=AT.date())
    version.rules.update(contact_days=1, answer_days=1, solve_days=1)
    issue.refresh_from_db()
    assert (issue.due_on, of_round(issue, 1)) == (due, before)
    assert cast.log().due_on < due


def test_a_pause_and_an_extension_stay_in_their_round(cast):
    issue = cast.log(department=cast.power)
    lead, due = cast.acts("lead"), issue.due_on
    services.park_issue(
        actor=lead, at=AT, issue=issue, review_on=date(2024, 12, 12), reason="等政策"
    )
    services.resume_issue(actor=lead, at=LATER, issue=issue)
    issue.refresh_from_db()
    assert issue.due_on > due
    services.assign_issue(actor=lead, at=LATER, issue=issue, department=cast.power)
    services.sign_for(actor=cast.acts("handler"), at=LATER, issue=issue)
    day = issue.due_on + timedelta(days=30)
    services.extend_issue(actor=lead, at=LATER, issue=issue, due_on=day, reason="设备")
    services.withdraw_issue(actor=lead, at=LATER, issue=issue, reason="误录")
    _row, _parts, _said, (pause,), (extension,) = of_round(issue, 1)
    assert (pause["since"], pause["until"]) == (AT.date(), LATER.date())
    assert (extension["before"] < extension["after"], extension["after"]) == (True, day)


def test_a_second_confirmation_of_a_round_is_refused_with_a_sentence(cast):
    issue = cast.answered()
    said = {"at": AT, "issue": issue, "outcome": "solved"}
    first = services.confirm_by_enterprise(actor=cast.acts("member"), **said)
    with pytest.raises(MoveRefused) as refused:
        services.confirm_by_enterprise(actor=cast.acts("member"), **said)
    assert str(first.get_outcome_display()) in str(refused.value)
    with pytest.raises(MoveRefused):
        services.record_telephone_word(actor=cast.acts("lead"), speaker="胡立", **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.create(
            round=first.round, outcome="not", channel="link", confirmed_at=AT
        )
    assert Confirmation.objects.get() == first


def test_a_telephone_word_records_who_phoned_and_whom(cast):
    issue = verified(cast)
    said = {"at": AT, "issue": issue, "outcome": "solved"}
    for who in ("handler", "strange_handler", "member", "strange_member"):
        with pytest.raises(NotAllowedError):
            services.record_telephone_word(actor=cast.acts(who), speaker="胡立", **said)
    with pytest.raises(UserFacingError):
        services.record_telephone_word(actor=cast.acts("agent"), speaker=" ", **said)
    row = services.record_telephone_word(actor=cast.acts("agent"), speaker="胡立", **said)
    assert (row.channel, row.recorded_by, row.speaker) == ("telephone", cast.agent, "胡立")
    assert row.confirmed_by is None
    services.close_issue(actor=cast.acts("lead"), at=AT, issue=issue)
    assert issue.current.outcome == "solved"


def test_the_call_is_written_down_on_the_page_and_strangers_find_none(client, cast):
    issue = cast.answered()
    url = reverse("staff:issues:issue_call", args=[issue.pk])
    told = {"speaker": "胡立", "outcome": "partly", "words": "还差一相电"}
    client.force_login(cast.stranger)
    assert client.post(url, told).status_code == 404
    client.force_login(cast.agent)
    assert client.post(url, {**told, "speaker": ""}).status_code != 302
    assert client.post(url, told).status_code == 302
    issue.refresh_from_db()
    assert (issue.status, issue.round_number) == ("handling", 2)
    assert Confirmation.objects.get().recorded_by == cast.agent


def test_silence_ends_unconfirmed_only_after_the_question_and_the_days(cast):
    issue = verified(cast)
    close = {"actor": cast.acts("lead"), "issue": issue, "reason": "门户与电话均无人答复"}
    due = issue.current.confirm_due_on
    assert due == date(2024, 9, 20)
    with pytest.raises(MoveRefused, match=str(due)):
        services.close_unconfirmed(at=AT.replace(day=due.day), **close)
    services.close_unconfirmed(at=AT.replace(day=due.day + 1), **close)
    issue.refresh_from_db()
    assert (issue.status, issue.current.outcome) == ("closed", "unconfirmed")
    now = LATER
    values = [figures.get(f"issues_{key}").value(now) for key in ("confirmed", "unconfirmed")]
    assert values == [0, 1]
    assert not Confirmation.objects.exists()


def test_silence_of_somebody_who_was_never_asked_is_no_silence(cast):
    project = ProjectFactory(enterprise=None, area=cast.area, investor="江汉泵业")
    issue = cast.log(enterprise=None, project=project, department=cast.power)
    handler = cast.acts("handler")
    services.sign_for(actor=handler, at=AT, issue=issue)
    services.answer_issue(actor=handler, at=AT, issue=issue, text="已送电", evidence=[picture()])
    services.verify_issue(actor=cast.acts("agent"), at=AT, issue=issue)
    close = {"actor": cast.acts("lead"), "issue": issue, "reason": "无人"}
    with pytest.raises(MoveRefused):
        services.close_unconfirmed(at=LATER, **close)
    services.ask_by_telephone(actor=cast.acts("agent"), at=LATER, issue=issue, note="胡立，未接")
    asked = IssueRound.objects.get(issue=issue)
    with pytest.raises(MoveRefused):
        services.close_unconfirmed(at=LATER, **close)
    services.ask_by_telephone(
        actor=cast.acts("agent"), at=LATER + timedelta(days=1), issue=issue, note="再拨"
    )
    assert IssueRound.objects.get(issue=issue).confirm_due_on == asked.confirm_due_on
    services.close_unconfirmed(at=LATER + timedelta(days=30), **close)
    assert Issue.objects.get(pk=issue.pk).current.outcome == "unconfirmed"


def test_a_word_said_in_time_is_never_silence(cast):
    issue = verified(cast)
    services.confirm_by_enterprise(actor=cast.acts("member"), at=AT, issue=issue, outcome="solved")
    with pytest.raises(MoveRefused):
        services.close_unconfirmed(
            actor=cast.acts("lead"), at=LATER, issue=issue, reason="无人答复"
        )


def test_a_lead_without_a_company_has_an_issue(client, cast):
    project = ProjectFactory(enterprise=None, area=cast.area, investor="江汉泵业")
    issue = cast.log(enterprise=None, project=project, department=cast.power)
    assert (issue.enterprise, issue.subject_name) == (None, project.name)
    client.force_login(cast.agent)
    page = client.get(reverse("staff:issues:issue_detail", args=[issue.pk]))
    assert project.name in page.content.decode()
    client.force_login(cast.stranger)
    assert client.get(page.request["PATH_INFO"]).status_code == 404
    with pytest.raises(UserFacingError):
        cast.log(enterprise=None, project=None)


# The same enterprise and category within 90 days.


def typed(cast, **more):
    return {
        "subject": f"p:{cast.project.pk}",
        "category": cast.category.pk,
        "severity": "normal",
        "verbatim": "又停电了",
        **more,
    }


def test_within_ninety_days_the_log_screen_offers_the_old_issue(client, cast, settings):
    issue = cast.closed()
    settings.ANSHANG_TODAY = LATER.date()
    client.force_login(cast.agent)
    told = client.get(reverse("staff:issues:issue_forecast"), typed(cast)).content.decode()
    assert issue.number in told
    page = client.post(reverse(LOG), typed(cast))
    assert page.status_code == 422
    assert issue.number in page.content.decode()
    assert client.post(reverse(LOG), typed(cast, again="yes")).url.endswith(f"/{issue.pk}/")
    issue.refresh_from_db()
    assert (issue.status, issue.round_number) == ("assigned", 2)
    assert issue.current.opened_because == "又停电了"
    assert issue.verbatim != "又停电了"
    assert Issue.objects.count() == 1


def test_the_agent_may_log_a_new_one_instead(client, cast, settings):
    issue = cast.closed()
    settings.ANSHANG_TODAY = LATER.date()
    client.force_login(cast.agent)
    assert client.post(reverse(LOG), typed(cast, again="no")).status_code == 302
    issue.refresh_from_db()
    assert (issue.status, Issue.objects.count()) == ("closed", 2)


def test_a_recurrence_sent_twice_opens_one_round(cast):
    issue, draft = cast.closed(), uuid4()
    again = {"client_uuid": draft, "reopens": True, "verbatim": "又停电了"}
    assert cast.log(**again) == issue
    assert cast.log(**again) == issue
    assert (IssueRound.objects.count(), Issue.objects.count()) == (2, 1)
    with pytest.raises(ConflictError):
        cast.log(**again, actor=cast.acts("stranger"))


@pytest.mark.parametrize(
    ("days", "category", "found"),
    [(89, "same", True), (91, "same", False), (1, "other", False)],
)
def test_only_the_same_category_within_ninety_days_is_the_same_issue(cast, days, category, found):
    issue = cast.closed()
    kind = issue.category if category == "same" else type(issue.category).objects.first()
    if category == "other":
        kind = type(issue.category).objects.create(code="other-kind", name="另类")
    known = recurrence_of(
        cast.acts("agent"), kind, cast.enterprise, None, AT + timedelta(days=days)
    )
    assert (known == issue) is found


def test_a_stranger_is_offered_nothing(client, cast, settings):
    issue = cast.closed()
    settings.ANSHANG_TODAY = LATER.date()
    client.force_login(cast.stranger)
    told = client.get(reverse("staff:issues:issue_forecast"), typed(cast)).content.decode()
    assert issue.number not in told
    assert recurrence_of(cast.acts("stranger"), issue.category, cast.enterprise, None, AT) is None
