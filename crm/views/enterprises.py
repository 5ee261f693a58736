"""The list of enterprises, the page of one, and the forms that change it."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm import services
from crm.common.days import clock
from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.face.lists import list_response
from crm.common.http import Request
from crm.common.people.doors import open_to, open_to_signed_in, open_to_staff
from crm.common.people.enums import Role
from crm.common.people.scoping import get_or_404, get_visible_or_404
from crm.forms import EnterpriseForm, RegisterForm, RenameForm, VisitForm
from crm.models import Contact, Enterprise
from crm.permissions import (
    can_edit_enterprise,
    can_merge_enterprises,
    can_record_visit,
    can_reveal_phone,
    works_with,
)
from crm.rules import masked_phone
from crm.selectors import changes_of, home_url, recent_visits
from crm.tables import ENTERPRISES

EDITED = (
    "legal_representative",
    "enterprise_type",
    "registered_capital_fen",
    "established_on",
    "address",
    "status",
)


@open_to_signed_in
def home(request: Request) -> HttpResponse:
    """Lead everybody to the screen their work begins with."""
    return redirect(home_url(request.actor))


@open_to_staff
def enterprise_list(request: Request) -> HttpResponse:
    """List the enterprises the actor may see."""
    extra = {"may_register": request.actor.has(Role.AGENT, Role.LEAD)}
    return list_response(request, ENTERPRISES, extra=extra)


@open_to_staff
def enterprise_detail(request: Request, pk: int) -> HttpResponse:
    """Show one enterprise with what all rooms know about it."""
    actor = request.actor
    rows = Enterprise.objects.select_related("industry", "area").prefetch_related("former_names")
    enterprise = get_visible_or_404(rows, actor, pk=pk)
    works_here = works_with(actor, enterprise)
    people = Contact.objects.visible_to(actor).filter(enterprise=enterprise)
    contacts = [{"row": contact, "phone": masked_phone(contact.phone)} for contact in people]
    context = {
        "enterprise": enterprise,
        "works_here": works_here,
        "contacts": contacts,
        "visits": recent_visits(actor, enterprise),
        "may_edit": can_edit_enterprise(actor, enterprise),
        "may_visit": can_record_visit(actor, enterprise),
        "may_merge": can_merge_enterprises(actor, enterprise),
        "merges": enterprise.merges.filter(undone_at=None).select_related("duplicate"),
        "changes": changes_of(actor, enterprise),
        "may_reveal": can_reveal_phone(actor, enterprise),
    }
    return render(request, "crm/enterprise_detail.html", context)


@open_to(Role.AGENT, Role.LEAD)
def enterprise_create(request: Request) -> HttpResponse:
    """Register an enterprise."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            enterprise = services.register_enterprise(
                actor=request.actor,
                at=clock.now(),
                data=services.EnterpriseInput(
                    uscc=data["uscc"],
                    name=data["name"],
                    area_id=data["area"].pk,
                    industry_id=data["industry"].pk if data["industry"] else None,
                    **{name: data[name] for name in EDITED},
                ),
            )
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("%s is registered.") % enterprise.name)
            return redirect("staff:crm:enterprise_detail", enterprise.pk)
    context = {"form": form, "enterprise": None}
    return render(request, "crm/enterprise_form.html", context)


@open_to(Role.AGENT, Role.LEAD)
def enterprise_edit(request: Request, pk: int) -> HttpResponse:
    """Change master data; a change by somebody else in between is shown, not lost."""
    enterprise = get_or_404(Enterprise.objects.in_care_of(request.actor), pk=pk)
    form = EnterpriseForm(request.POST or None, initial=_stored(enterprise))
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        values = {name: data[name] for name in EDITED}
        values |= {"area": data["area"], "industry": data["industry"]}
        try:
            services.update_enterprise(
                actor=request.actor,
                enterprise=enterprise,
                values=values,
                version=data["version"] or 0,
                at=clock.now(),
            )
        except ConflictError as problem:
            enterprise.refresh_from_db()
            form.choose(_stored(enterprise))
            status = problem.status
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:crm:enterprise_detail", enterprise.pk)
    context = {"form": form, "enterprise": enterprise}
    return render(request, "crm/enterprise_form.html", context, status=status)


def _stored(enterprise: Enterprise) -> dict[str, Any]:
    """Return what the form of an enterprise says while nobody has changed it."""
    return {name: getattr(enterprise, name) for name in EDITED} | {
        "area": enterprise.area_id,
        "industry": enterprise.industry_id,
        "version": enterprise.version,
    }


@open_to(Role.AGENT, Role.LEAD)
def enterprise_rename(request: Request, pk: int) -> HttpResponse:
    """Give an enterprise its new name; the old one still finds it."""
    enterprise = get_or_404(Enterprise.objects.in_care_of(request.actor), pk=pk)
    initial = {"name": enterprise.name, "version": enterprise.version}
    form = RenameForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        if form.keeps_theirs:
            return redirect("staff:crm:enterprise_detail", enterprise.pk)
        try:
            services.rename_enterprise(
                actor=request.actor,
                enterprise=enterprise,
                name=form.cleaned_data["name"],
                version=form.cleaned_data["version"] or 0,
                at=clock.now(),
            )
        except ConflictError as problem:
            enterprise.refresh_from_db()
            form.choose({"name": enterprise.name, "version": enterprise.version})
            status = problem.status
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:crm:enterprise_detail", enterprise.pk)
    context = {"form": form, "enterprise": enterprise}
    return render(request, "crm/enterprise_rename.html", context, status=status)


@open_to_staff
def visit_create(request: Request, pk: int) -> HttpResponse:
    """Record a visit."""
    enterprise = get_or_404(Enterprise.objects.in_care_of(request.actor), pk=pk)
    if not can_record_visit(request.actor, enterprise):
        raise NotAllowedError(_("Staff who see the enterprise may record a visit."))
    initial = {"visited_on": clock.today()}
    form = VisitForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data, at = form.cleaned_data, clock.now()
        visited = min(datetime.combine(data["visited_on"], time(12), clock.SHANGHAI), at)
        try:
            services.record_visit(
                actor=request.actor,
                enterprise=enterprise,
                visited_at=visited,
                purpose=data["purpose"],
                learnt=data["learnt"],
                met=data["met"],
                answers=form.answers(),
                photos=data["photos"],
                at=at,
            )
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The visit is recorded."))
            return redirect("staff:crm:enterprise_detail", enterprise.pk)
    return render(request, "crm/visit_form.html", {"form": form, "enterprise": enterprise})
