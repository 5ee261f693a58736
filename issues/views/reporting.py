"""The enterprise reports a problem or a need in its own words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to_enterprise
from issues.enums import IssueSource, Severity
from issues.forms import ReportForm
from issues.selectors.ledger import still_open
from issues.selectors.limits import due_dates, severity_limits
from issues.selectors.people import agent_for
from issues.services import log_issue


@open_to_enterprise
def issue_report(request: Request) -> HttpResponse:
    """Take what the enterprise reports; afterwards its page says the number and who calls."""
    posted = request.method == "POST"
    form = (
        ReportForm(request.POST, request.FILES, actor=request.actor)
        if posted
        else ReportForm(actor=request.actor, initial=_asked(request))
    )
    if not posted:
        return _page(request, form, 200)
    if not form.is_valid():
        return _page(request, form, 422)
    data = form.cleaned_data
    try:
        issue = log_issue(
            actor=request.actor,
            at=clock.now(),
            enterprise=data["enterprise"],
            category=data["category"],
            kind=data["kind"],
            severity=data["severity"],
            verbatim=data["verbatim"],
            source=IssueSource.PORTAL,
            client_uuid=data["client_uuid"],
            photos=data["photos"],
            about_department=data["about_department"],
        )
    except UserFacingError as problem:
        form.add_error(None, problem.message)
        return _page(request, form, problem.status)
    messages.success(request, _("Sent. The number is %(number)s.") % {"number": issue.number})
    return redirect("portal:issues:issue_detail", pk=issue.pk)


def _asked(request: Request) -> dict[str, Any]:
    """Return what the way here already says: the kind, and the first words."""
    return {
        "kind": request.GET.get("kind", ""),
        "verbatim": request.GET.get("words", "")[:200],
    }


@open_to_enterprise
def issue_outlook(request: Request) -> HttpResponse:
    """Say what becomes of the report: who calls, by when it is solved, what is open already."""
    form = ReportForm(request.GET, actor=request.actor)
    form.full_clean()
    context = {"form": form, **_outlook(request, form, form.cleaned_data)}
    return render(request, "issues/portal_report.html#outlook", context)


def _outlook(request: Request, form: ReportForm, data: dict[str, Any]) -> dict[str, Any]:
    enterprise, category = data.get("enterprise"), data.get("category")
    if enterprise is None or category is None:
        return {}
    severity = data.get("severity") or Severity.NORMAL
    return {
        "agent": agent_for(enterprise.area),
        "due": due_dates(category, severity, clock.now()),
        "open_issue": still_open(request.actor, enterprise, category),
    }


def _page(request: Request, form: ReportForm, status: int) -> HttpResponse:
    enterprises = form.enterprises
    limits: dict[str, Any] = severity_limits(None, clock.today())
    context = {
        "form": form,
        "agent": agent_for(enterprises[0].area) if enterprises else None,
        "limits": [(str(label), limits.get(value)) for value, label in form.severities],
        **(_outlook(request, form, form.cleaned_data) if form.is_bound else {}),
    }
    return render(request, "issues/portal_report.html", context, status=status)
