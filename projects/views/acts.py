"""One act on a project: its form in a dialog or on a page of its own, and the answer to it.

The button becomes the heading. A form that is wrong comes back with what is wrong at its top and
at the field; what was done is told in a sentence, and the page goes on where the work does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, HttpResponseLocation, trigger_client_event

from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.face.conflicts import VersionedForm
from crm.common.http import Request
from crm.common.records.transitions import Missing, StaleMove
from projects.models import Project

PAGE = "staff:projects:project_detail"
# Where the work goes on, asked by the page that is fetched after an act.
FOCUS = "As-Focus"


@dataclass
class Act:
    """What is to be done: its words, its form, and the part of the page the work goes on at."""

    title: str
    project: Project
    form: forms.Form
    submit: str
    about: str = ""
    icon: str = "check"
    danger: bool = False
    focus: str = "next"
    lacks: Sequence[Missing] = ()
    hint: str = ""
    suggests: bool = False
    record: models.Model | None = None
    stored: Callable[[], dict[str, Any]] | None = None


def require(allowed: bool, sentence: str = "") -> None:
    """Refuse with a sentence what the actor may not do."""
    if not allowed:
        raise NotAllowedError(sentence or _("Agents and leads of the area may change this."))


def show(request: Request, act: Act, status: int = 200) -> HttpResponse:
    """Show the form of an act: in the dialog of the page, or as a page without scripts."""
    part = "#dialog" if request.htmx else ""
    return render(request, f"projects/act.html{part}", {"act": act}, status=status)


def run(
    request: Request, act: Act, do: Callable[[dict[str, Any]], str], undo: str = ""
) -> HttpResponse:
    """Show an act, or do it with what was entered; `do` returns what happened, in a sentence."""
    form = act.form
    if request.method != "POST":
        return show(request, act)
    if not form.is_valid():
        return show(request, act, 422)
    try:
        said = do(form.cleaned_data)
    except UserFacingError as problem:
        if isinstance(problem, NotAllowedError):
            raise
        _explain(act, problem)
        return show(request, act, 409 if problem.status == 409 else 422)
    messages.success(request, said, extra_tags=undo)
    return finished(request, act.project.pk, act.focus)


def _explain(act: Act, problem: UserFacingError) -> None:
    """Put a refusal on top of the form; after a conflict the next try is a choice."""
    if isinstance(problem, ConflictError) and isinstance(act.form, VersionedForm):
        if act.record is not None and act.stored is not None:
            act.record.refresh_from_db()
            act.form.choose(act.stored())
        return
    act.form.add_error(None, str(problem.message))
    if isinstance(problem, StaleMove) and act.record is not None:
        act.record.refresh_from_db()
        sent: Any = act.form.data
        data = sent.copy()
        data["version"] = str(getattr(act.record, "version", ""))
        act.form.data = data


def finished(request: Request, pk: int, focus: str) -> HttpResponse:
    """Lead on to the project's page, to the part where the work goes on."""
    if not Project.objects.visible_to(request.actor).filter(pk=pk).exists():
        gone = reverse("staff:projects:project_list")
        return HttpResponseClientRedirect(gone) if request.htmx else redirect(gone)
    address = reverse(PAGE, args=[pk])
    if not request.htmx:
        return redirect(f"{address}#{focus}")
    here = request.htmx.current_url_abs_path or ""
    if here.partition("?")[0] == address:
        address = here
    answer = HttpResponseLocation(
        address, target="#main", select="#main", swap="outerHTML", headers={FOCUS: focus}
    )
    told = list(messages.get_messages(request))
    if told:
        trigger_client_event(
            answer,
            "as:toast",
            {
                "text": " ".join(str(one) for one in told),
                "kind": told[-1].level_tag,
                "undo": told[-1].extra_tags or "",
            },
        )
    return answer
