"""One screen for all catalogues with dated versions: what is in force, history, a new version."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.scoping import get_or_404
from crm.common.records.dated import end_entry
from crm.common.slots.catalogues import Catalogue, catalogues

_DAY = {"type": "date"}


class FromForm(forms.Form):
    """The first day of a new version."""

    effective_from = forms.DateField(
        label=gettext_lazy("In force from"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )


class UntilForm(forms.Form):
    """The last day of an entry."""

    last_day = forms.DateField(
        label=gettext_lazy("In force until"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )


def _of(request: Request, key: str) -> Catalogue:
    found = next((one for one in catalogues() if one.key == key), None)
    if found is None or not found.may(request.actor):
        raise Http404(_("There is no such record, or it is not yours to see."))
    return found


def _asked_day(request: Request) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return clock.today()


@open_to(Role.ADMIN)
def catalogue_list(request: Request, key: str = "") -> HttpResponse:
    """Show what of a catalogue is in force on a day; today without one."""
    catalogue = _of(request, key or catalogues()[0].key)
    day = _asked_day(request)
    words = request.GET.get("q", "").strip()
    rows = [
        {
            "entry": getattr(version, f"{catalogue.of}_id"),
            "code": catalogue.code(version),
            "version": version,
            "cells": catalogue.short(version),
        }
        for version in catalogue.in_force(day)
        if words in str(version) or words in catalogue.code(version)
    ]
    context = {
        "catalogue": catalogue,
        "tabs": [{"one": one, "on": one.key == catalogue.key} for one in catalogues()],
        "rows": rows,
        "day": day,
        "q": words,
    }
    return render(request, "common/catalogue_list.html", context)


@open_to(Role.ADMIN)
def catalogue_entry(request: Request, key: str, pk: int) -> HttpResponse:
    """Show every version of an entry; put a new one into force from a coming day."""
    catalogue = _of(request, key)
    entry = get_or_404(catalogue.entries._default_manager, pk=pk)
    form = catalogue.form(request.POST or None, _last(catalogue, entry))
    begins = FromForm(
        request.POST or None, initial={"effective_from": clock.today() + timedelta(days=1)}
    )
    if request.method == "POST" and form.is_valid() & begins.is_valid():
        try:
            day = begins.cleaned_data["effective_from"]
            catalogue.revise(request.actor, entry, day, form.cleaned_data, clock.now())  # type: ignore[attr-defined]
        except UserFacingError as problem:
            begins.add_error(None, str(problem))
        else:
            messages.success(request, _("The new version is entered."))
            return redirect("staff:common:catalogue_entry", key, pk)
    return _entry_page(request, catalogue, entry, form, begins)


def _last(catalogue: Catalogue, entry: Any) -> Any:
    return entry.versions.order_by("-effective_from").first()


def _entry_page(
    request: Request, catalogue: Catalogue, entry: Any, form: Any, begins: FromForm
) -> HttpResponse:
    today = clock.today()
    versions = entry.versions.select_related().order_by("-effective_from")
    context = {
        "catalogue": catalogue,
        "entry": entry,
        "title": str(versions[0]),
        "form": form,
        "begins": begins,
        "until": UntilForm(),
        "is_open": versions[0].effective_to is None,
        "versions": [
            {
                "version": one,
                "facts": catalogue.facts(one),
                "now": one.effective_from <= today
                and (one.effective_to is None or one.effective_to >= today),
                "coming": one.effective_from > today,
            }
            for one in versions
        ],
    }
    return render(request, "common/catalogue_entry.html", context)


@require_POST
@open_to(Role.ADMIN)
def catalogue_end(request: Request, key: str, pk: int) -> HttpResponse:
    """Let an entry be in force until a day."""
    catalogue = _of(request, key)
    entry = get_or_404(catalogue.entries._default_manager, pk=pk)
    form = UntilForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Enter the last day."))
        return redirect("staff:common:catalogue_entry", key, pk)
    try:
        _end(request, catalogue, entry, form.cleaned_data["last_day"])
    except UserFacingError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The entry ends on that day."))
    return redirect("staff:common:catalogue_entry", key, pk)


def _end(request: Request, catalogue: Catalogue, entry: Any, last_day: date) -> None:
    if not catalogue.may(request.actor):
        raise NotAllowedError(_("Administrators keep the catalogues."))
    end_entry(
        catalogue.versions,
        actor=request.actor,
        of=catalogue.of,
        entry=entry,
        last_day=last_day,
        at=clock.now(),
    )
