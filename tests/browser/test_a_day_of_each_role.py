"""Each role begins at its home and does its day's typical act, by keyboard or by thumb.

A desk is worked without the mouse; a phone is tapped. After each act the focus is where the work
goes on, the console is silent, and the record says what was done.
"""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from crm.common.outbox import jobs
from crm.common.outbox.models import Job
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.models import AuditEvent
from issues.enums import IssueKind, IssueStatus
from issues.models import Issue
from policy_match.enums import VersionStatus
from policy_match.models import ClauseVersion
from projects.enums import DecisionStatus
from projects.models import ListItem, TeamMember, TeamSlot, ZeroBurdenDecision
from projects.services import propose_zero_burden
from projects.services.fees import FeeInput
from projects.states import STAGE_MACHINE
from tests.crm.factories import AT, DepartmentFactory, staff
from tests.issues.factories import Cast, CategoryFactory, picture
from tests.policy_match import cast as policy
from tests.projects.factories import fee_version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
thumb = pytest.mark.browser_context_args(has_touch=True)
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def _on_the_demo_day(settings):
    settings.ANSHANG_TODAY = date(2024, 9, 12)


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def at_home(page, live_server, sign_in):
    """Open a person's home in a window of a size."""

    def enter(user, size):
        sign_in(user)
        page.set_viewport_size(size)
        page.goto(live_server.url + "/")
        page.wait_for_load_state("networkidle")
        return page

    return enter


def focus_in(page, selector):
    """Wait until the focus is at or within what a selector names."""
    page.wait_for_function("s => document.activeElement.closest(s)", arg=selector)


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def moved(page, *keys):
    """Press keys, the last of which leads to another page."""
    press(page, *keys[:-1])
    with page.expect_navigation(wait_until="networkidle"):
        press(page, keys[-1])


def upload():
    shot = picture()
    return {"name": shot.name, "mimeType": "image/jpeg", "buffer": shot.read()}


def test_an_agent_logs_an_issue_by_typing(cast, at_home, complaints):
    page = at_home(cast.agent, DESK)
    press(page, "n")
    focus_in(page, "[data-as-capture]")
    page.keyboard.type(cast.enterprise.name)
    press(page, "Enter")
    page.wait_for_url("**/issues/log/**")
    page.locator(f"input[name=subject][value='e:{cast.enterprise.pk}']").focus()
    press(page, "Space")
    expect(page.locator("[data-as-picked-subject]")).to_be_visible()
    page.locator(f"input[name=category][value='{cast.category.pk}']").focus()
    press(page, "Space")
    expect(page.locator("#forecast b")).to_have_text(cast.power.short_name)
    page.locator("textarea[name=verbatim]").focus()
    page.keyboard.type("临时用电没通，桩机停了三天。")
    page.locator("#issue-log .as-submit button[type=submit]").focus()
    press(page, "Enter")
    issue_page(page)
    issue = Issue.objects.get()
    assert (issue.status, issue.enterprise) == (IssueStatus.ASSIGNED, cast.enterprise)
    assert complaints == []


def issue_page(page):
    page.wait_for_url(lambda url: url.split("#")[0].rstrip("/").split("/")[-1].isdigit())
    page.wait_for_load_state("networkidle")


def test_an_agent_finishes_an_item_of_the_list_with_evidence(cast, at_home, complaints):
    slot = TeamSlot.objects.create(code="agent", name="代办员", holder="person", order=1)
    TeamMember.objects.create(
        project=cast.project, slot=slot, user=cast.agent, since=date(2024, 1, 1)
    )
    STAGE_MACHINE.begin(cast.project, actor=policy.SYSTEM, at=AT)
    item = ListItem.objects.create(
        project=cast.project,
        department=cast.power,
        person=cast.agent,
        what="场地平整",
        due_on=date(2024, 9, 13),
        created_at=AT,
        updated_at=AT,
    )
    page = at_home(cast.agent, DESK)
    press(page, "j")
    focus_in(page, ".as-row.as-on")
    press(page, "e")
    page.wait_for_url("**/moves/finish/")
    page.locator("main [name=note]").focus()
    page.keyboard.type("场地已平整，监理签字")
    page.locator("main input[type=file]").set_input_files(upload())
    page.locator("main form button.btn-primary").focus()
    moved(page, "Enter")
    focus_in(page, f"#item-{item.pk}")
    expect(page.locator(".as-toast [data-as-undo]")).to_be_visible()
    assert ListItem.objects.get(pk=item.pk).is_done
    assert complaints == []


def test_a_handler_signs_and_answers_with_evidence(cast, at_home, complaints):
    issue = cast.log(department=cast.power)
    page = at_home(cast.handler, DESK)
    moved(page, "j", "s")
    expect(page.locator('[data-as-do="answer"]')).to_have_count(1)
    assert Issue.objects.get(pk=issue.pk).status == IssueStatus.SIGNED
    press(page, "j", "r")
    page.wait_for_url("**#move-*-answer")
    focus_in(page, f"#move-{issue.pk}-answer form")
    step = page.locator(f"#move-{issue.pk}-answer form")
    step.locator("textarea[name=text]").focus()
    page.keyboard.type("临时用电已接通")
    step.locator("input[type=file]").set_input_files(upload())
    step.locator("button[type=submit]").last.focus()
    press(page, "Enter")
    expect(page.locator(".as-toast")).to_be_visible()
    assert Issue.objects.get(pk=issue.pk).status == IssueStatus.ANSWERED
    assert complaints == []


def test_a_handler_who_answers_without_evidence_is_told_at_the_top(cast, at_home, complaints):
    issue = cast.log(department=cast.power)
    page = at_home(cast.handler, DESK)
    moved(page, "j", "s")
    press(page, "j", "r")
    step = page.locator(f"#move-{issue.pk}-answer form")
    step.locator("textarea[name=text]").focus()
    page.keyboard.type("临时用电已接通")
    step.locator("button[type=submit]").last.focus()
    press(page, "Enter")
    focus_in(page, "[data-as-error-summary]")
    expect(page.locator(f"#move-{issue.pk}-answer textarea[name=text]")).to_have_value(
        "临时用电已接通"
    )
    assert Issue.objects.get(pk=issue.pk).status == IssueStatus.SIGNED


def test_a_lead_assigns_what_has_no_unit(cast, at_home, complaints):
    issue = cast.log(category=CategoryFactory(department=None))
    page = at_home(cast.lead, DESK)
    press(page, "j", "e")
    page.wait_for_url("**#move-*-assign")
    focus_in(page, f"#move-{issue.pk}-assign form")
    step = page.locator(f"#move-{issue.pk}-assign form")
    step.locator("select[name=department]").select_option(str(cast.power.pk))
    step.locator("button[type=submit]").last.focus()
    press(page, "Enter")
    expect(page.locator(".as-toast")).to_be_visible()
    assert Issue.objects.get(pk=issue.pk).status == IssueStatus.ASSIGNED
    assert complaints == []


@thumb
def test_a_leader_opens_a_figure_down_to_a_record(cast, at_home, complaints):
    issue = cast.log(department=cast.power)
    Issue.objects.update(due_on=date(2024, 9, 2))
    page = at_home(cast.leader, PHONE)
    page.locator("a[href*='due=overdue']").first.tap()
    page.wait_for_url("**due=overdue*")
    page.locator(f"#list a[href='/work/issues/{issue.pk}/']").first.tap()
    issue_page(page)
    expect(page.locator("h1")).to_contain_text(issue.title)
    assert complaints == []


def test_a_policy_editor_submits_a_draft(at_home, complaints):
    desk = policy.Cast()
    version = desk.draft()
    page = at_home(User.objects.get(pk=desk.editor.user_id), DESK)
    page.locator(f"a.btn[href$='/policies/{desk.clause.pk}/']").focus()
    press(page, "Enter")
    page.wait_for_url("**/policies/**")
    submit = page.locator("form[action*='/submit/'] button[type=submit]").first
    submit.focus()
    press(page, "Enter")
    page.wait_for_load_state("networkidle")
    assert ClauseVersion.objects.get(pk=version.pk).status == VersionStatus.SUBMITTED
    assert complaints == []


def test_finance_puts_a_relief_into_force(cast, at_home, complaints):
    STAGE_MACHINE.begin(cast.project, actor=policy.SYSTEM, at=AT)
    line = FeeInput(fee=fee_version(), amount_fen=100_000, mode="waived")
    relief = propose_zero_burden(actor=cast.acts("lead"), project=cast.project, fees=[line], at=AT)
    page = at_home(staff(Role.FINANCE), DESK)
    page.locator(f"a[href*='/{relief.pk}/'][href$='decide/']").focus()
    moved(page, "Enter")
    page.locator("main form button.btn-primary").focus()
    moved(page, "Enter")
    expect(page.locator(".as-toast").first).to_be_visible()
    assert ZeroBurdenDecision.objects.get(pk=relief.pk).status == DecisionStatus.IN_FORCE
    assert complaints == []


def test_an_auditor_has_the_chain_checked(cast, at_home, complaints):
    cast.log(department=cast.power)
    page = at_home(staff(Role.AUDITOR), DESK)
    page.locator("form[action$='/audit/check/'] button").focus()
    moved(page, "Enter")
    job = Job.objects.get()
    expect(page).to_have_url(re.compile(f"/{job.pk}/$"))
    jobs.run(str(job.pk))
    page.reload()
    expect(page.locator("main")).to_contain_text("条")
    assert complaints == []


def test_an_auditor_reads_who_changed_what(cast, at_home, complaints):
    audit.record("enterprise.updated", actor=cast.acts("agent"), target=cast.enterprise)
    page = at_home(staff(Role.AUDITOR), DESK)
    press(page, "g")
    moved(page, "e")
    page.locator(f"#list a[href='/work/enterprises/{cast.enterprise.pk}/']").focus()
    moved(page, "Enter")
    expect(page.locator("main")).to_contain_text(cast.agent.display_name)
    assert AuditEvent.objects.filter(actor_id=cast.agent.pk).exists()
    assert complaints == []


def test_an_administrator_opens_an_account(at_home, complaints):
    unit = DepartmentFactory()
    page = at_home(staff(Role.ADMIN), DESK)
    page.locator("a.nav-link[href='/work/accounts/']").focus()
    moved(page, "Enter")
    page.locator(".page-header a[href='/work/accounts/new/']").focus()
    moved(page, "Enter")
    form = page.locator("form[action='/work/accounts/new/']")
    form.locator("[name=username]").focus()
    page.keyboard.type("wang-li")
    form.locator("[name=display_name]").focus()
    page.keyboard.type("王丽")
    form.locator("button.btn-primary").focus()
    moved(page, "Enter")
    focus_in(page, "[data-as-error-summary]")
    form.locator("input[name=roles][value=agent]").focus()
    press(page, "Space")
    form.locator("select[name=department]").select_option(str(unit.pk))
    form.locator("button.btn-primary").focus()
    moved(page, "Enter")
    expect(page.locator(".as-toast").first).to_contain_text("王丽")
    assert User.objects.get(username="wang-li").role_grants.get().role == Role.AGENT
    assert [one for one in complaints if "400" not in one] == []


@thumb
def test_an_enterprise_says_that_it_is_solved(cast, at_home, complaints):
    issue = cast.answered()
    page = at_home(cast.member, PHONE)
    page.locator(f"a[href='/my/issues/{issue.pk}/']").first.tap()
    issue_page(page)
    page.locator("label", has=page.locator("input[name=outcome][value=solved]")).tap()
    page.locator("form[action$='/confirm/'] button[type=submit]").tap()
    expect(page.locator(".as-toast")).to_be_visible()
    assert Issue.objects.get(pk=issue.pk).current.said.is_solved
    assert complaints == []


@thumb
def test_an_enterprise_reports_a_need_by_thumb(cast, at_home, complaints):
    page = at_home(cast.member, PHONE)
    page.locator("a[href*='kind=need']").first.tap()
    page.wait_for_url("**kind=need*")
    page.locator(
        "label", has=page.locator(f"input[name=category][value='{cast.category.pk}']")
    ).tap()
    page.locator("textarea[name=verbatim]").fill("要 30 名焊工，10 月到岗。")
    page.locator("main form button[type=submit]").tap()
    issue_page(page)
    issue = Issue.objects.get()
    assert (issue.kind, issue.enterprise) == (IssueKind.NEED, cast.enterprise)
    assert complaints == []
