"""A list of names: looked at first, then opened as accounts, all or none."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm import services
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.forms import NamesForm
from crm.services.staff_list import StaffList

SALT = "anshang.staff_list"
GOOD_FOR = 3600
SHOWN_PROBLEMS = 50


@open_to(Role.ADMIN)
def staff_import(request: Request) -> HttpResponse:
    """Take a list of names and show what it would do; nothing is stored yet."""
    form = NamesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            grid = services.read_names(name=upload.name, content=upload.read())
            found = services.check_names(actor=request.actor, grid=grid)
        except UserFacingError as problem:
            form.add_error("file", str(problem))
        else:
            sealed = "" if found.problems else signing.dumps(grid, salt=SALT, compress=True)
            return _page(request, form, found, sealed)
    return _page(request, form, None, "")


def _page(request: Request, form: NamesForm, found: StaffList | None, sealed: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "found": found, "sealed": sealed}
    if found is not None:
        context["problems"] = found.problems[:SHOWN_PROBLEMS]
        context["more"] = max(0, len(found.problems) - SHOWN_PROBLEMS)
    return render(request, "crm/staff_import.html", context)


@require_POST
@open_to(Role.ADMIN)
def staff_import_open(request: Request) -> HttpResponse:
    """Open the accounts of a list that was looked at; the list is checked once more."""
    try:
        sealed = request.POST.get("sealed", "")
        grid = signing.loads(sealed, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        messages.error(request, _("Choose the file again: it was looked at too long ago."))
        return redirect("staff:crm:staff_import")
    try:
        opened = services.open_accounts(actor=request.actor, grid=grid)
    except UserFacingError as problem:
        messages.error(request, str(problem))
        return redirect("staff:crm:staff_import")
    words = ngettext("%(count)s account is open.", "%(count)s accounts are open.", len(opened))
    messages.success(request, words % {"count": len(opened)})
    return redirect("staff:crm:account_list")
