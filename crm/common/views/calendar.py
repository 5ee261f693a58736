"""The working calendar of the city: its exceptions year by year, and whose limits they touch."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.common import services
from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.days.enums import DayKind
from crm.common.days.models import WorkdayException
from crm.common.errors import UserFacingError
from crm.common.http import Request, whole_number
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.scoping import get_or_404
from crm.common.slots.clocks import running

FIRST_YEAR, YEARS_AHEAD = 2021, 2


class ExceptionForm(forms.Form):
    """A day against the national list, and the notice that orders it."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(choices=DayKind.choices, label=gettext_lazy("Kind"))
    reason = forms.CharField(max_length=200, label=gettext_lazy("Notice"))


@open_to(Role.ADMIN)
def calendar_page(request: Request) -> HttpResponse:
    """Show the exceptions of a year with the limits each touches; enter one."""
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_workday_exception(
                actor=request.actor,
                day=form.cleaned_data["day"],
                kind=DayKind(form.cleaned_data["kind"]),
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The exception counts from now on."))
            return redirect(f"{reverse('staff:common:calendar_page')}?year={row.day.year}")
    return render(request, "common/calendar.html", _context(request, form))


def _context(request: Request, form: ExceptionForm) -> dict[str, Any]:
    today = clock.today()
    asked = whole_number(request.GET.get("year", "")) or today.year
    years = range(FIRST_YEAR, today.year + YEARS_AHEAD)
    year = asked if asked in years else today.year
    rows = WorkdayException.objects.filter(day__year=year).select_related("entered_by")
    due = [(kind.label, kind.due_days(today)) for kind in running()]
    return {
        "form": form,
        "year": year,
        "years": [{"year": one, "on": one == year} for one in years],
        "provisional": load_calendar().is_provisional(year),
        "rows": [_row(row, today, due) for row in rows],
    }


def _row(row: WorkdayException, today: date, due: list[tuple[Any, list[date]]]) -> dict[str, Any]:
    """Return an exception and how many running limits of each kind lie behind its day."""
    counts = [(label, sum(day >= row.day for day in days)) for label, days in due]
    stands, coming = row.withdrawn_at is None, row.day >= today
    return {
        "row": row,
        "stands": stands,
        "can_withdraw": stands and row.day > today,
        "touched": [one for one in counts if one[1]] if stands and coming else [],
    }


@require_POST
@open_to(Role.ADMIN)
def calendar_withdraw(request: Request, pk: int) -> HttpResponse:
    """Withdraw an exception that has not come yet."""
    row = get_or_404(WorkdayException.objects.all(), pk=pk)
    try:
        services.withdraw_workday_exception(
            actor=request.actor,
            exception=row,
            reason=request.POST.get("reason", ""),
            at=clock.now(),
        )
    except UserFacingError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The exception is withdrawn."))
    return redirect(f"{reverse('staff:common:calendar_page')}?year={row.day.year}")
