"""The minutes of a meeting: written item by item, and taken along as a document."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.face.documents import DOCX, PDF, to_docx, to_pdf
from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import get_visible_or_404
from crm.models import Department
from issues.forms import MinutesForm, SettledForm
from issues.models import AgendaItem, Meeting
from issues.permissions import keeps_minutes, sees_whole_agenda
from issues.selectors import rounds
from issues.selectors.minutes import minutes_document
from issues.services import Settled, draft_minutes
from issues.states import MEETING_MACHINE

MOST_ROWS = 90
DRAWN = {"docx": (DOCX, to_docx), "pdf": (PDF, to_pdf)}
Rows = forms.formset_factory(SettledForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def _units() -> list[tuple[str, str]]:
    rows = Department.objects.filter(active=True).values_list("pk", "short_name")
    return [("", "—"), *((str(pk), name) for pk, name in rows)]


def _first(items: list[AgendaItem]) -> list[dict[str, Any]]:
    """Return the rows as they stand, and an empty one below each matter."""
    rows: list[dict[str, Any]] = []
    for item in items:
        rows += [
            {
                "item": item.pk,
                "text": one.text,
                "kind": one.kind,
                "department": one.department_id,
                "due_on": one.due_on,
            }
            for one in item.resolutions.all()
        ]
        rows.append({"item": item.pk})
    return rows


def _settled(rows: Any, items: dict[int, AgendaItem]) -> list[Settled]:
    found = []
    for data in (form.cleaned_data for form in rows):
        if not data.get("text", "").strip():
            continue
        item = items.get(data["item"])
        if item is None:
            raise UserFacingError(_("An item belongs to another meeting. Reload the page."))
        kind = {"kind": data["kind"]} if data["kind"] else {}
        found.append(
            Settled(
                item=item,
                text=data["text"],
                department=data["department"],
                due_on=data["due_on"],
                **kind,
            )
        )
    return found


def _grouped(items: list[AgendaItem], rows: Any) -> list[dict[str, Any]]:
    """Return each matter with its rows of the form."""
    return [
        {"item": item, "rows": [one for one in rows if str(one["item"].value()) == str(item.pk)]}
        for item in items
    ]


@open_to_staff
def minutes_edit(request: Request, pk: int) -> HttpResponse:
    """Write the minutes: the opening, and what was settled per matter."""
    actor = request.actor
    meeting = get_visible_or_404(Meeting.objects.all(), actor, pk=pk)
    move = MEETING_MACHINE.moves["draft"]
    if meeting.status not in move.sources or not keeps_minutes(actor, meeting):
        raise Http404(_("There are no minutes for you to write here."))
    items, units = list(rounds.agenda(actor, meeting)), {"units": _units()}
    first = {"text": meeting.minutes, "version": meeting.version}
    problem, status = "", 200
    if request.method == "POST":
        form, rows = MinutesForm(request.POST), Rows(request.POST, form_kwargs=units)
        problem, status = _save(request, meeting, form, rows, items)
        if not status:
            return _after(request, pk)
    else:
        form = MinutesForm(initial=first)
        rows = Rows(initial=_first(items), form_kwargs=units)
    context = {
        "meeting": meeting,
        "form": form,
        "rows": rows,
        "matters": _grouped(items, rows),
        "problem": problem,
        "wrong": [one for one in rows if request.method == "POST" and one.errors],
    }
    return render(request, "issues/minutes_edit.html", context, status=status)


def _save(
    request: Request, meeting: Meeting, form: MinutesForm, rows: Any, items: list[AgendaItem]
) -> tuple[str, int]:
    """Keep what was typed; return what is wrong and the status, or nothing at all."""
    if not (form.is_valid() & rows.is_valid()):
        return "", 422
    try:
        draft_minutes(
            actor=request.actor,
            at=clock.now(),
            meeting=meeting,
            text=form.cleaned_data["text"],
            settled=_settled(rows, {one.pk: one for one in items}),
            version=form.cleaned_data["version"],
        )
    except UserFacingError as refused:
        return str(refused.message), refused.status
    return "", 0


def _after(request: Request, pk: int) -> HttpResponse:
    if "more" in request.POST:
        messages.success(request, _("Kept. Each matter has an empty row again."))
        return redirect("staff:issues:minutes_edit", pk=pk)
    messages.success(request, _("The minutes are drafted. Somebody else signs them."))
    return redirect("staff:issues:meeting_detail", pk=pk)


@open_to_staff
def minutes_file(request: Request, pk: int, ending: str) -> HttpResponse:
    """Send 会议纪要 as a document; a draft says that it is one."""
    actor = request.actor
    meeting = get_visible_or_404(Meeting.objects.select_related("signed_by"), actor, pk=pk)
    if ending not in DRAWN or not meeting.minutes or not sees_whole_agenda(actor, meeting):
        raise Http404(_("There is no such document."))
    kind, draw = DRAWN[ending]
    document = minutes_document(meeting, list(rounds.agenda(actor, meeting)))
    answer = HttpResponse(draw(document), content_type=kind)
    name = f"{document.title}.{ending}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer
