"""Import a table, see what came of it, take it back."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to, open_to_staff
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from crm.common.records.files import FileRefused
from crm.models import Enterprise
from profiles.forms import ImportForm, RollBackForm
from profiles.models import ImportBatch
from profiles.permissions import can_import
from profiles.selectors import batches, history_of
from profiles.services import ImportRefused, ImportReport, import_table, roll_back_batch
from profiles.services.tables.layout import Span

PAGE_SIZE = 30
SHOWN_PROBLEMS = 20


@open_to_staff
def import_list(request: Request) -> HttpResponse:
    """Show the form and the imports so far."""
    return _page(request, ImportForm(initial={"department": request.actor.department_id}), None)


def _page(
    request: Request, form: ImportForm, report: ImportReport | None, status: int = 200
) -> HttpResponse:
    page = Paginator(batches(request.actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "report": report,
        "problems": report.problems[:SHOWN_PROBLEMS] if report else [],
        "warnings": report.warnings[:SHOWN_PROBLEMS] if report else [],
        "page": page,
        "may_import": request.actor.has(Role.HANDLER, Role.ADMIN),
    }
    return render(request, "profiles/import_list.html", context, status=status)


@require_POST
@open_to(Role.HANDLER, Role.ADMIN)
def import_create(request: Request) -> HttpResponse:
    """Check a table and, unless only a check was asked for, store it."""
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, None, 400)
    data, report = form.cleaned_data, None
    upload, month = data["file"], data["month"]
    try:
        if upload.size > settings.IMPORT_MAX_BYTES:
            raise FileRefused(
                _(
                    "“%(name)s” has %(size)s MB; %(limit)s MB is the most. "
                    "Make it smaller or split it."
                )
                % {
                    "name": upload.name,
                    "size": upload.size // 1048576,
                    "limit": settings.IMPORT_MAX_BYTES // 1048576,
                }
            )
        report = import_table(
            actor=request.actor,
            department=data["department"],
            name=upload.name,
            content=upload.read(),
            at=clock.now(),
            period=Span(month.year, month.month) if month else None,
            dry_run=data["dry_run"],
        )
    except ImportRefused as refused:
        report = refused.report
        form.add_error("file", str(refused))
    except UserFacingError as problem:
        form.add_error("file", str(problem))
    if form.errors or data["dry_run"] or report is None or report.batch_id is None:
        return _page(request, form, report, 400 if form.errors else 200)
    if report.already_imported:
        messages.info(request, _("This very file is imported already; nothing was changed."))
    return redirect("staff:profiles:import_detail", report.batch_id)


@open_to_staff
def import_detail(request: Request, pk: int) -> HttpResponse:
    """Show one import: counts, warnings, rows to review."""
    actor = request.actor
    batch = get_visible_or_404(batches(actor), actor, pk=pk)
    context = {
        "batch": batch,
        "unknown": list(batch.unknown.select_related("suggestion")[:100]),
        "form": RollBackForm(),
        "may_roll_back": can_import(actor, batch.department) and batch.rolled_back_at is None,
    }
    return render(request, "profiles/import_detail.html", context)


@require_POST
@open_to(Role.HANDLER, Role.ADMIN)
def import_roll_back(request: Request, pk: int) -> HttpResponse:
    """Take one import back."""
    batch = get_visible_or_404(ImportBatch.objects.all(), request.actor, pk=pk)
    form = RollBackForm(request.POST)
    try:
        roll_back_batch(
            actor=request.actor,
            batch=batch,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            at=clock.now(),
        )
    except UserFacingError as problem:
        messages.error(request, str(problem))
    return redirect("staff:profiles:import_detail", pk)


@open_to_staff
def value_history(request: Request, enterprise_id: int, indicator_id: int) -> HttpResponse:
    """Show every value of an indicator with its department, batch, row and column."""
    actor = request.actor
    enterprise = get_visible_or_404(Enterprise.objects.all(), actor, pk=enterprise_id)
    rows = list(history_of(actor, enterprise, indicator_id)[:200])
    context = {
        "enterprise": enterprise,
        "rows": rows,
        "indicator": rows[0].indicator if rows else None,
    }
    return render(request, "profiles/value_history.html", context)
