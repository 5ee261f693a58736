"""Accounts of the staff: the list with one of them beside it, the acts on it, and leaving."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm import services
from crm.common.days import clock
from crm.common.errors import ConflictError, UserFacingError
from crm.common.face.lists import list_around_form, list_response
from crm.common.http import Request, whole_number
from crm.common.people.actor import Actor
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.models import Absence, User
from crm.common.people.scoping import get_or_404
from crm.forms import AbsenceForm, AccountForm, LeaveForm, NewAccountForm
from crm.selectors import absences_of, staff_accounts
from crm.tables import ACCOUNTS

LINK = "password_link"


def _beside(request: Request, pane: str, **context: Any) -> HttpResponse:
    """Answer with one account beside the list, or with its pane alone when htmx asks for it."""
    context |= {
        "pane": f"crm/account_{pane}.html",
        "leaving": pane == "leave",
        "title": context["account"] or _("New account"),
    }
    if request.htmx and request.htmx.target == "pane":
        return render(request, "crm/account_list.html#pane", context)
    if request.method == "POST":
        return list_around_form(request, ACCOUNTS, extra=context)
    return list_response(request, ACCOUNTS, extra=context)


@open_to(Role.ADMIN)
def account_list(request: Request) -> HttpResponse:
    """List the accounts of the staff."""
    return list_response(request, ACCOUNTS, extra={"pane": "", "title": ""})


@open_to(Role.ADMIN)
def account_create(request: Request) -> HttpResponse:
    """Open an account; its page then makes the link on which the person sets a password."""
    if "bulk" in request.POST:
        return list_response(request, ACCOUNTS)
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.open_account(
                actor=request.actor, username=form.cleaned_data["username"], data=form.account()
            )
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The account of %s is open.") % user.display_name)
            return redirect("staff:crm:account_detail", user.pk)
    return _beside(request, "new", form=form, account=None)


def _initial(user: User) -> dict[str, Any]:
    profile = getattr(user, "staff_profile", None)
    return {
        "display_name": user.display_name,
        "phone": user.phone,
        "email": user.email,
        "roles": [grant.role for grant in user.role_grants.all()],
        "department": profile.department_id if profile else None,
        "title": profile.title if profile else "",
        "areas": [area.pk for area in profile.areas.all()] if profile else [],
        "version": user.version,
    }


def _detail(
    request: Request, user: User, form: AccountForm, absence: AbsenceForm | None = None
) -> HttpResponse:
    pk, link = request.session.pop(LINK, (0, ""))
    return _beside(
        request,
        "edit",
        account=user,
        form=form,
        absence=absence or AbsenceForm(user=user),
        absences=absences_of(user),
        has_second_step=user.has_second_step,  # type: ignore[attr-defined]
        sessions=user.usersession_set.count(),  # type: ignore[attr-defined]
        link=request.build_absolute_uri(link) if link and pk == user.pk else "",
    )


@open_to(Role.ADMIN)
def account_detail(request: Request, pk: int) -> HttpResponse:
    """Show and change one account."""
    if "bulk" in request.POST:
        return list_response(request, ACCOUNTS)
    user = get_or_404(staff_accounts(request.actor), pk=pk)
    form = AccountForm(request.POST or None, initial=_initial(user))
    if request.method == "POST" and form.is_valid():
        try:
            services.update_account(
                actor=request.actor,
                user=user,
                data=form.account(),
                version=form.cleaned_data["version"] or 0,
            )
        except ConflictError:
            form.choose(_initial(get_or_404(staff_accounts(request.actor), pk=pk)))
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:crm:account_detail", user.pk)
    return _detail(request, user, form)


ACTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "second-step": (services.reset_second_step, gettext_lazy("The second step is taken away.")),
    "sessions": (services.end_sessions, gettext_lazy("Signed out everywhere.")),
    "reopen": (services.reopen_account, gettext_lazy("The account is open again.")),
}


@require_POST
@open_to(Role.ADMIN)
def account_act(request: Request, pk: int, act: str) -> HttpResponse:
    """Do one single act on an account; a password link is shown once, on the next page."""
    user = get_or_404(staff_accounts(request.actor), pk=pk)
    if act == "password-link":
        link = services.password_link(actor=request.actor, user=user)
        request.session[LINK] = (user.pk, link)
        return redirect("staff:crm:account_detail", user.pk)
    if act not in ACTS:
        raise Http404(_("There is no such record, or it is not yours to see."))
    service, done = ACTS[act]
    service(actor=request.actor, user=user)
    messages.success(request, done)
    return redirect("staff:crm:account_detail", user.pk)


@require_POST
@open_to(Role.ADMIN)
def absence_enter(request: Request, pk: int) -> HttpResponse:
    """Enter the days on which a person is away, and the deputy."""
    user = get_or_404(staff_accounts(request.actor).filter(is_active=True), pk=pk)
    form = AbsenceForm(request.POST, user=user)
    if form.is_valid():
        try:
            row = services.enter_absence(
                actor=request.actor, user=user, data=form.absence(), at=clock.now()
            )
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            words = _("%(deputy)s stands in for %(name)s.")
            messages.success(request, words % {"deputy": row.deputy, "name": user})
            return redirect("staff:crm:account_detail", user.pk)
    return _detail(request, user, AccountForm(initial=_initial(user)), form)


@require_POST
@open_to(Role.ADMIN)
def absence_end(request: Request, pk: int) -> HttpResponse:
    """End one of a person's absences before its last day."""
    user = get_or_404(staff_accounts(request.actor), pk=pk)
    chosen = whole_number(request.POST.get("absence", ""))
    for row in Absence.objects.visible_to(request.actor).filter(user=user, pk=chosen or 0):
        services.end_absence(actor=request.actor, absence=row, at=clock.now())
        messages.success(request, _("The absence is over."))
    return redirect("staff:crm:account_detail", user.pk)


@open_to(Role.ADMIN)
def account_leave(request: Request, pk: int) -> HttpResponse:
    """Hand over what a person has in hand, and close the account."""
    if "bulk" in request.POST:
        return list_response(request, ACCOUNTS)
    user = get_or_404(staff_accounts(request.actor).filter(is_active=True), pk=pk)
    form = LeaveForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            _close(request.actor, user, form)
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The account of %s is closed.") % user.display_name)
            return redirect("staff:crm:account_list")
    total = sum(count for _key, _label, count in form.piles)
    return _beside(request, "leave", account=user, form=form, total=total)


def _close(actor: Actor, user: User, form: LeaveForm) -> None:
    services.close_account(
        actor=actor,
        user=user,
        reason=form.cleaned_data["reason"],
        at=clock.now(),
        taking=form.taking(),
    )
