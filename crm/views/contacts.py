"""Contacts: add, change, show a number."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import services
from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to, open_to_staff
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from crm.forms import ContactForm
from crm.models import Contact, Enterprise

FIELDS = ("name", "title", "phone", "email", "is_primary")


@require_POST
@open_to_staff
def contact_reveal(request: Request, pk: int) -> HttpResponse:
    """Show a contact's full number; the look is audited."""
    contact = get_visible_or_404(
        Contact.objects.select_related("enterprise"),
        request.actor,
        pk=pk,
    )
    phone = services.reveal_phone(actor=request.actor, contact=contact)
    return render(request, "crm/contact_phone.html", {"phone": phone})


@open_to(Role.AGENT, Role.LEAD, Role.ADMIN)
def contact_create(request: Request, pk: int) -> HttpResponse:
    """Add a person to call."""
    enterprise = get_visible_or_404(Enterprise.objects.all(), request.actor, pk=pk)
    form = ContactForm(request.POST or None)
    return _save(request, form, enterprise, partial(services.add_contact, enterprise=enterprise))


@open_to(Role.AGENT, Role.LEAD, Role.ADMIN)
def contact_edit(request: Request, pk: int) -> HttpResponse:
    """Change a person to call."""
    contact = get_visible_or_404(
        Contact.objects.select_related("enterprise"),
        request.actor,
        pk=pk,
    )
    initial = {name: getattr(contact, name) for name in FIELDS}
    form = ContactForm(request.POST or None, initial=initial)
    service = partial(services.update_contact, contact=contact)
    return _save(request, form, contact.enterprise, service)


def _save(
    request: Request,
    form: ContactForm,
    enterprise: Enterprise,
    service: Callable[..., Contact],
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            service(actor=request.actor, at=clock.now(), **form.cleaned_data)
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The contact is saved."))
            return redirect("staff:crm:enterprise_detail", enterprise.pk)
    context = {"form": form, "enterprise": enterprise}
    return render(request, "crm/contact_form.html", context)
