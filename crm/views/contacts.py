"""Contacts: add, change, show a number."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm import services
from crm.common.days import clock
from crm.common.errors import ConflictError, UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.scoping import get_or_404, get_visible_or_404
from crm.forms import ContactForm, RevealForm
from crm.models import Contact, Enterprise

FIELDS = ("name", "title", "phone", "email", "is_primary")


@open_to(Role.AGENT, Role.LEAD, Role.HANDLER, Role.AUDITOR)
def contact_reveal(request: Request, pk: int) -> HttpResponse:
    """Ask what a full number is needed for, then show it; the look is written down."""
    contact = get_visible_or_404(
        Contact.objects.select_related("enterprise"),
        request.actor,
        pk=pk,
    )
    form = RevealForm(request.POST or None, actor=request.actor)
    context = {"contact": contact, "form": form, "phone": ""}
    if request.method == "POST" and form.is_valid():
        said = {"purpose": "", **form.cleaned_data}
        try:
            context["phone"] = services.reveal_phone(
                actor=request.actor, contact=contact, at=clock.now(), **said
            )
        except UserFacingError as problem:
            form.add_error(None, str(problem))
    return render(request, "crm/contact_phone.html", context)


@open_to(Role.AGENT, Role.LEAD)
def contact_create(request: Request, pk: int) -> HttpResponse:
    """Add a person to call."""
    enterprise = get_or_404(Enterprise.objects.in_care_of(request.actor), pk=pk)
    form = ContactForm(request.POST or None)
    return _save(request, form, enterprise, partial(services.add_contact, enterprise=enterprise))


@open_to(Role.AGENT, Role.LEAD)
def contact_edit(request: Request, pk: int) -> HttpResponse:
    """Change a person to call."""
    contact = get_visible_or_404(
        Contact.objects.select_related("enterprise"),
        request.actor,
        pk=pk,
    )
    form = ContactForm(request.POST or None, initial=_stored(contact))
    service = partial(services.update_contact, contact=contact)
    return _save(request, form, contact.enterprise, service, contact)


def _stored(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in (*FIELDS, "version")}


def _save(
    request: Request,
    form: ContactForm,
    enterprise: Enterprise,
    service: Callable[..., Contact],
    contact: Contact | None = None,
) -> HttpResponse:
    status = 200
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in FIELDS}
        if contact is not None:
            data["version"] = form.cleaned_data["version"] or 0
        try:
            service(actor=request.actor, at=clock.now(), **data)
        except ConflictError as problem:
            if contact is not None:
                contact.refresh_from_db()
                form.choose(_stored(contact))
            status = problem.status
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The contact is saved."))
            return redirect("staff:crm:enterprise_detail", enterprise.pk)
    context = {"form": form, "enterprise": enterprise}
    return render(request, "crm/contact_form.html", context, status=status)
