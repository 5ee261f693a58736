"""The enterprise's consent to the use of its confidential data: given and withdrawn."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to, open_to_enterprise
from crm.common.people.enums import Role
from crm.common.people.scoping import get_or_404
from crm.models import Enterprise
from profiles.forms import ConsentForm, WithdrawForm
from profiles.models import Consent
from profiles.services import give_consent, withdraw_consent


@open_to(Role.AGENT, Role.LEAD)
def consent_edit(request: Request, enterprise_id: int) -> HttpResponse:
    """Record the sheet an enterprise signed, or that it takes its word back."""
    enterprise = get_or_404(Enterprise.objects.in_care_of(request.actor), pk=enterprise_id)
    leads_to = reverse("staff:crm:enterprise_detail", args=[enterprise.pk])
    return _page(request, enterprise, "profiles/consent_form.html", leads_to, with_sheet=True)


@open_to_enterprise
def portal_consent(request: Request, enterprise_id: int) -> HttpResponse:
    """Let an enterprise consent by itself, and withdraw."""
    enterprise = get_or_404(Enterprise.objects.in_care_of(request.actor), pk=enterprise_id)
    leads_to = reverse("portal:cms:home")
    return _page(request, enterprise, "profiles/portal_consent.html", leads_to)


def _page(
    request: Request,
    enterprise: Enterprise,
    template: str,
    leads_to: str,
    *,
    with_sheet: bool = False,
) -> HttpResponse:
    consent = Consent.objects.visible_to(request.actor).standing().filter(enterprise=enterprise)
    standing = consent.first()
    data, files = request.POST or None, request.FILES or None
    form = WithdrawForm(data) if standing else ConsentForm(data, files, with_sheet=with_sheet)
    if request.method == "POST" and form.is_valid():
        act = withdraw_consent if standing else give_consent
        said = form.cleaned_data
        try:
            act(actor=request.actor, enterprise=enterprise, at=clock.now(), **said)
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            done = _("The consent is withdrawn.") if standing else _("The consent is recorded.")
            messages.success(request, done)
            return redirect(leads_to)
    context = {"form": form, "enterprise": enterprise, "standing": standing, "back": leads_to}
    return render(request, template, context)
