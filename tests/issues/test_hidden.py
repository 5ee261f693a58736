"""A complaint about a department is invisible to all who work there, cell by cell."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox.models import Recipient
from crm.common.people.enums import Role
from crm.common.records.files import files_of
from crm.common.slots import search
from issues import services
from issues.models import AgendaItem, Confirmation, Issue, IssueAssignment, IssueRound, Resolution
from issues.selectors import ledger
from issues.services import Matter, Settled
from issues.today import today_counts, today_rows
from tests.crm.factories import DepartmentFactory, acting, staff
from tests.issues.factories import AT, picture

pytestmark = pytest.mark.django_db
AUGUST = AT.replace(month=8, day=12)
WORDS = "某局窗口推诿三次"
LIST = "staff:issues:issue_list"
ROWS = "staff:cms:figure_detail"


class Accused:
    """A complaint about a bureau, and one of each who might look at it."""

    def __init__(self, cast):
        self.cast, area = cast, cast.area
        self.bureau = DepartmentFactory()
        self.section = DepartmentFactory(parent=self.bureau)
        self.other = cast.log(at=AUGUST, verbatim="路灯不亮")
        self.complaint = cast.log(
            at=AUGUST,
            verbatim=WORDS,
            about_department=self.bureau,
            photos=[picture()],
            department=cast.power,
        )
        handler = cast.acts("handler")
        services.sign_for(actor=handler, at=AUGUST, issue=self.complaint)
        services.answer_issue(
            actor=handler, at=AUGUST, issue=self.complaint, text="已约谈", evidence=[picture()]
        )
        services.record_telephone_word(
            actor=cast.acts("lead"), at=AUGUST, issue=self.complaint, speaker="胡", outcome="solved"
        )
        self.meeting = services.request_meeting(
            actor=cast.acts("lead"),
            at=AUGUST,
            title="作风协调会",
            planned_at=AUGUST,
            matters=[Matter(WORDS, issue=self.complaint), Matter("路灯", issue=self.other)],
        )
        services.hold_meeting(
            actor=cast.acts("lead"),
            at=AUGUST,
            meeting=self.meeting,
            held_at=AUGUST,
            chair="陈振华",
            present=[],
        )
        item = self.meeting.items.get(issue=self.complaint)
        settled = Settled(item, "约谈", department=cast.park, due_on=AT.date())
        services.draft_minutes(
            actor=cast.acts("lead"), at=AUGUST, meeting=self.meeting, text="纪要", settled=[settled]
        )
        # They serve the same area, so that nothing but the complaint's subject keeps it from them.
        self.hidden = [
            staff(Role.LEAD, department=unit, areas=[area]) for unit in (self.bureau, self.section)
        ]
        self.shown = [cast.lead, staff(Role.LEAD, areas=[area]), cast.leader]
        self.stranger = cast.stranger


@pytest.fixture
def accused(cast):
    return Accused(cast)


def looks(client, person, url, **params):
    client.force_login(person)
    return client.get(url, params)


def test_rows_and_counts_leave_the_complaint_out(accused):
    hanging = (IssueRound, IssueAssignment, Confirmation, AgendaItem, Resolution)
    for person in accused.hidden:
        actor = acting(person)
        assert list(ledger.issues(actor)) == [accused.other]
        assert ledger.issues(actor).count() == 1
        for model in hanging[1:3]:
            assert not model.objects.visible_to(actor).exists(), model
        assert list(IssueRound.objects.visible_to(actor)) == [accused.other.current]
        assert [row.issue for row in AgendaItem.objects.visible_to(actor)] == [accused.other]
        assert not Resolution.objects.visible_to(actor).exists()
    for person in accused.shown:
        assert ledger.issues(acting(person)).count() == 2
        for model in hanging:
            assert model.objects.visible_to(acting(person)).exists(), model
    assert not ledger.issues(acting(accused.stranger)).exists()


def test_the_list_and_its_export_leave_it_out(client, accused):
    url = reverse(LIST)
    for person in accused.hidden:
        assert WORDS not in looks(client, person, url).content.decode()
        assert WORDS not in looks(client, person, url, q=accused.complaint.number).content.decode()
        book = load_workbook(BytesIO(looks(client, person, url, format="xlsx").content))
        assert WORDS not in str([cell.value for row in book.active for cell in row])
    for person in accused.shown:
        assert WORDS in looks(client, person, url).content.decode()
    assert WORDS not in looks(client, accused.stranger, url).content.decode()


def test_its_page_its_moves_and_its_files_do_not_exist(client, accused):
    pk, photo = accused.complaint.pk, files_of(accused.complaint).first()
    page = reverse("staff:issues:issue_detail", args=[pk])
    file = reverse("file_download", args=[photo.pk])
    move = reverse("staff:issues:issue_move", args=[pk, "verify"])
    for person in (*accused.hidden, accused.stranger):
        assert looks(client, person, page).status_code == 404
        assert looks(client, person, file).status_code == 404
        assert client.post(move).status_code == 404
    for person in accused.shown:
        assert looks(client, person, page).status_code == 200
        assert b"".join(looks(client, person, file).streaming_content)


def test_today_does_not_know_it(accused):
    day = accused.complaint.due_on.replace(month=12)
    for person in accused.hidden:
        assert WORDS not in str(today_rows(acting(person), AT.date()))
        assert [one.value for one in today_counts(acting(person), day)] == [1, 0]
    assert WORDS in str(today_rows(acting(accused.shown[1]), AT.date()))
    assert [one.value for one in today_counts(acting(accused.shown[1]), day)] == [2, 0]


def test_search_does_not_find_it(client, accused):
    find = next(index for index in search.indexes() if index.key == "issues").find
    for person in (*accused.hidden, accused.stranger):
        assert not find(acting(person), WORDS).exists()
    for person in accused.shown:
        assert find(acting(person), WORDS).get() == accused.complaint


def test_the_figure_keeps_its_count_and_withholds_the_row(client, accused):
    url = reverse(ROWS, args=["2024-08", "coordinated_issues"])
    for person in accused.hidden:
        page = looks(client, person, url)
        assert page.context["value"] == 2
        assert page.context["withheld"] == 1
        assert WORDS not in page.content.decode()
        assert WORDS not in looks(client, person, url, q=WORDS[:4]).content.decode()
        book = load_workbook(BytesIO(looks(client, person, url, format="xlsx").content))
        assert WORDS not in str([cell.value for row in book.active for cell in row])
    for person in accused.shown:
        page = looks(client, person, url)
        assert (page.context["withheld"], WORDS in page.content.decode()) == (0, True)
    assert WORDS not in looks(client, accused.stranger, url).content.decode()


def test_the_agenda_and_its_counts_leave_it_out(client, accused):
    page = reverse("staff:issues:meeting_detail", args=[accused.meeting.pk])
    every = reverse("staff:issues:meeting_list")
    for person in accused.hidden:
        text = looks(client, person, page).content.decode()
        assert "路灯" in text
        assert WORDS not in text
        assert accused.meeting.title not in looks(client, person, every, q=WORDS).content.decode()
    for person in accused.shown:
        assert WORDS in looks(client, person, page).content.decode()
        assert accused.meeting.title in looks(client, person, every, q=WORDS).content.decode()


def test_no_message_about_it_reaches_them(accused):
    told = set(Recipient.objects.values_list("user_id", flat=True))
    assert told
    assert not told & {person.pk for person in accused.hidden}


def test_it_is_assigned_neither_to_the_accused_nor_above_nor_below(accused):
    complaint = accused.cast.log(about_department=accused.section)
    for unit in (accused.section, accused.bureau, DepartmentFactory(parent=accused.section)):
        with pytest.raises(UserFacingError):
            services.assign_issue(
                actor=accused.cast.acts("lead"), at=AT, issue=complaint, department=unit
            )
    services.assign_issue(
        actor=accused.cast.acts("lead"), at=AT, issue=complaint, department=accused.cast.power
    )
    with pytest.raises(NotAllowedError):
        services.assign_issue(
            actor=accused.cast.acts("strange_handler"),
            at=AT,
            issue=complaint,
            department=accused.cast.park,
        )


def test_what_was_entered_by_mistake_is_found_by_asking_for_it(client, cast):
    issue = cast.log()
    services.withdraw_issue(actor=cast.acts("lead"), at=AT, issue=issue, reason="误录")
    url = reverse(LIST)
    assert issue.title not in looks(client, cast.lead, url).content.decode()
    assert issue.title in looks(client, cast.lead, url, status="withdrawn").content.decode()
    assert issue.title not in looks(client, cast.stranger, url, status="withdrawn").content.decode()
    assert Issue.objects.standing().count() == 0
