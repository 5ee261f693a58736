"""The quick log: 30 seconds on a phone, exactly once, with or without scripts."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request, whole_number
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.models import Department
from issues.enums import Severity
from issues.forms import IssueLogForm
from issues.models import Issue, IssueCategory
from issues.permissions import OFFICE
from issues.selectors.ledger import recurrence_of
from issues.selectors.limits import Forecast, forecast, severity_limits
from issues.selectors.subjects import find_subjects, get_subject
from issues.services import log_issue

LOGGERS = (*OFFICE, Role.HANDLER)


def _forecast(request: Request) -> Forecast | None:
    data = request.POST if request.method == "POST" else request.GET
    pk = whole_number(data.get("category", ""))
    severity = data.get("severity", Severity.NORMAL)
    if pk is None or severity not in Severity.values:
        return None
    category = IssueCategory.objects.filter(pk=pk, active=True).select_related("department").first()
    return forecast(category, severity, clock.now()) if category else None


def _struck_off_before(request: Request) -> Issue | None:
    """Return the issue of the same subject and category that would be opened again."""
    data = request.POST if request.method == "POST" else request.GET
    subject = get_subject(request.actor, data.get("subject", ""))
    pk = whole_number(data.get("category", ""))
    category = IssueCategory.objects.filter(pk=pk).first() if pk is not None else None
    if subject is None or category is None:
        return None
    return recurrence_of(request.actor, category, subject.enterprise, subject.project, clock.now())


def _promise(request: Request) -> dict[str, Any]:
    """Return unit, day due and what it may be again, for the lines above the button."""
    data = request.POST if request.method == "POST" else request.GET
    told, asked = _forecast(request), whole_number(data.get("department", ""))
    unit = told.department if told else None
    if asked is not None:
        unit = Department.objects.filter(pk=asked, active=True).first() or unit
    return {
        "forecast": told,
        "unit": unit,
        "before": _struck_off_before(request),
        "as_new": data.get("again") == "no",
        "again_errors": [],
    }


def _page(request: Request, form: IssueLogForm, status: int = 200) -> HttpResponse:
    data: Any = request.POST if request.method == "POST" else request.GET
    query = data.get("q", "")
    if query.strip() and query.strip() == form.initial.get("verbatim"):
        query = ""
    picked = get_subject(request.actor, data.get("subject", ""))
    days = severity_limits(None, clock.today())
    context = {
        "form": form,
        "query": query,
        "picked": picked,
        "subjects": [] if picked else find_subjects(request.actor, query),
        "categories": IssueCategory.objects.filter(active=True),
        "chosen_category": data.get("category", ""),
        "severities": [
            {"value": value, "label": label, "days": days.get(value)}
            for value, label in Severity.choices
        ],
        "chosen_severity": data.get("severity", Severity.NORMAL),
        **_promise(request),
        "again_errors": form["again"].errors,
    }
    return render(request, "issues/issue_log.html", context, status=status)


@open_to(*LOGGERS)
def issue_log(request: Request) -> HttpResponse:
    """Show the log screen, or log an issue and go to its page."""
    actor = request.actor
    if request.method != "POST" or "find" in request.POST:
        form = IssueLogForm(actor=actor, initial={**_taken_over(request), **_typed(request)})
        return _page(request, form)
    form = IssueLogForm(request.POST, request.FILES, actor=actor)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data
    if not data["again"] and _struck_off_before(request) is not None:
        form.add_error(
            "again",
            _("An issue of this kind was struck off lately: open it again, or log a new one?"),
        )
        return _page(request, form, status=422)
    unit = data["department"] or (None if data["about_department"] else data["category"].department)
    try:
        issue = log_issue(
            actor=actor,
            at=clock.now(),
            enterprise=data["subject"].enterprise,
            project=data["subject"].project,
            category=data["category"],
            severity=data["severity"],
            verbatim=data["verbatim"],
            client_uuid=data["client_uuid"],
            photos=data["photos"],
            department=unit if actor.has(*OFFICE) else None,
            about_department=data["about_department"],
            reopens=data["again"] == "yes",
        )
    except UserFacingError as problem:
        form.add_error(None, problem.message)
        return _page(request, form, status=problem.status)
    messages.success(request, _("%(number)s is on record.") % {"number": issue.number})
    if not Issue.objects.visible_to(actor).filter(pk=issue.pk).exists():
        return redirect("staff:issues:issue_list")
    return redirect("staff:issues:issue_detail", pk=issue.pk)


def _taken_over(request: Request) -> dict[str, Any]:
    """Return what was said elsewhere: words that find no project and no enterprise are it."""
    words = request.GET.get("verbatim", "")
    line = request.GET.get("q", "").strip()
    if not words and line and not find_subjects(request.actor, line):
        words = line
    return {"verbatim": words} if words else {}


def _typed(request: Request) -> dict[str, Any]:
    """Return what was typed so far when somebody searches without scripts."""
    names = ("verbatim", "client_uuid", "department")
    return {name: request.POST[name] for name in names if request.POST.get(name)}


@open_to(*LOGGERS)
def issue_pick(request: Request) -> HttpResponse:
    """Answer the list of projects and enterprises for what is being typed."""
    subjects = find_subjects(request.actor, request.GET.get("q", ""))
    context = {"subjects": subjects, "query": request.GET.get("q", "")}
    return render(request, "issues/issue_log.html#subjects", context)


@open_to(*LOGGERS)
def issue_forecast(request: Request) -> HttpResponse:
    """Answer who will be responsible and until when, before anything is sent."""
    return render(request, "issues/issue_log.html#forecast", _promise(request))
