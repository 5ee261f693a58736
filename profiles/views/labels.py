"""Labels and warnings: whom they name and why, their rules, what came of a warning."""

import json
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.http import Request
from crm.common.outbox.jobs import start_job
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from profiles.forms import CheckForm, LabelForm
from profiles.models import Label, LabelAssignment
from profiles.permissions import can_check_warning, can_edit_labels
from profiles.selectors import assignments_of, newest_labels
from profiles.services import check_warning, open_issue, revise_label

READERS = (Role.AGENT, Role.LEAD, Role.LEADER, Role.POLICY_EDITOR, Role.AUDITOR)
PAGE_SIZE = 20
LABELS_JOB = "profiles.assign_labels"


@open_to(*READERS)
def label_list(request: Request) -> HttpResponse:
    """Show the labels, and the first of them with whom it names."""
    rows, _run = newest_labels(clock.today())
    return _page(request, rows[0].version.label if rows else None)


@open_to(*READERS)
def label_detail(request: Request, code: str) -> HttpResponse:
    """Show one label: the rule as a sentence, counts, who came and who left, and why."""
    return _page(request, get_visible_or_404(Label.objects.all(), request.actor, code=code))


def _page(request: Request, label: Label | None, status: int = 200) -> HttpResponse:
    rows, run = newest_labels(clock.today())
    chosen = next((row for row in rows if label and row.version.label_id == label.pk), None)
    side = request.GET.get("side", "standing")
    context: dict[str, Any] = {"rows": rows, "run": run, "chosen": chosen, "side": side}
    if label is not None and chosen is not None:
        found = assignments_of(request.actor, label, side, run)
        context["page"] = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context["sides"] = [
        ("standing", pgettext("label", "Standing"), side == "standing"),
        ("begun", _("New"), side == "begun"),
        ("ended", _("Left"), side == "ended"),
    ]
    context["may_edit"] = can_edit_labels(request.actor)
    return render(request, "profiles/label_list.html", context, status=status)


@open_to(Role.POLICY_EDITOR)
def label_edit(request: Request, code: str) -> HttpResponse:
    """Change a label from a coming day on; the sentence it reads as stands beside it."""
    label = get_object_or_404(Label, code=code)
    last = label.versions.order_by("-effective_from")[0]
    initial = {
        "name": last.name,
        "rule": json.loads(json.dumps(last.rule)),
        "effective_from": clock.today() + timedelta(days=1),
        "in_use": last.in_use,
    }
    form = LabelForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = revise_label(
                actor=request.actor, label=label, at=clock.now(), **form.cleaned_data
            )
        except UserFacingError as problem:
            form.add_error("rule", str(problem).splitlines())
            status = problem.status
        else:
            messages.success(request, made.sentence)
            return redirect("staff:profiles:label_detail", label.code)
    context = {"label": label, "version": last, "form": form}
    return render(request, "profiles/label_form.html", context, status=status)


@require_POST
@open_to(Role.POLICY_EDITOR)
def label_judge(request: Request) -> HttpResponse:
    """Judge everybody now; the page of the job says how far it is."""
    job = start_job(
        LABELS_JOB,
        actor=request.actor,
        params={"user": request.actor.user_id},
        at=clock.machine_now(),
    )
    return redirect("job_progress", job.pk)


@open_to(Role.AGENT, Role.LEAD)
def warning_check(request: Request, pk: int) -> HttpResponse:
    """Remember what came of looking into a warning."""
    row = _assignment(request, pk)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_warning(actor=request.actor, assignment=row, at=clock.now(), **form.cleaned_data)
        except UserFacingError as problem:
            form.add_error("note", str(problem))
        else:
            messages.success(request, _("What was found is on record."))
            return redirect("staff:crm:enterprise_detail", row.enterprise_id)
    return render(request, "profiles/warning_check.html", {"row": row, "form": form})


@require_POST
@open_to(Role.AGENT, Role.LEAD)
def warning_issue(request: Request, pk: int) -> HttpResponse:
    """Make a warning an issue, and go there."""
    issue = open_issue(actor=request.actor, assignment=_assignment(request, pk), at=clock.now())
    messages.success(request, _("%(number)s is on record.") % {"number": issue.number})
    return redirect("staff:issues:issue_detail", issue.pk)


def _assignment(request: Request, pk: int) -> LabelAssignment:
    rows = LabelAssignment.objects.select_related("enterprise", "version", "label")
    row: LabelAssignment = get_visible_or_404(rows, request.actor, pk=pk)
    if not can_check_warning(request.actor, row.enterprise):
        raise NotAllowedError(_("Whoever works with the enterprise checks its warnings."))
    return row
