"""A person's settings: which messages by which channel, and the addresses they go to."""

from typing import Any

from django import forms
from django.contrib import messages as told
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.common import services
from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.outbox import addresses, messages
from crm.common.outbox.enums import Channel
from crm.common.outbox.models import MessagePreference
from crm.common.people.doors import open_to_signed_in
from crm.common.people.models import User
from crm.common.people.scoping import get_or_404


class AddressForm(forms.Form):
    """One address of one's own."""

    channel = forms.ChoiceField(
        label=gettext_lazy("channel"),
        choices=[(one.value, one.label) for one in (Channel.MAIL, Channel.APPRISE)],
    )
    address = forms.CharField(
        label=gettext_lazy("address"),
        max_length=300,
        help_text=gettext_lazy(
            "A mail address, or the robot of a group chat: wecombot://…, dingtalk://…, feishu://…"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@open_to_signed_in
def preferences_edit(request: Request) -> HttpResponse:
    """Let a person choose channels by kind of message, and the single-letter keys."""
    if request.method == "POST":
        wanted = {
            (kind.key, channel)
            for kind in messages.kinds()
            for channel in kind.channels
            if f"{kind.key}:{channel}" in request.POST
        }
        services.set_preferences(actor=request.actor, enabled=wanted)
        services.set_shortcuts(actor=request.actor, on="shortcuts" in request.POST)
        return redirect("preferences_edit")
    return _page(request, AddressForm())


def _page(request: Request, form: AddressForm, status: int = 200) -> HttpResponse:
    context = {
        "rows": _kinds(request),
        "points": addresses.points_of(request.actor),
        "form": form,
    }
    return render(request, "common/preferences.html", context, status=status)


def _kinds(request: Request) -> list[dict[str, Any]]:
    off = set(
        MessagePreference.objects.filter(
            user_id=request.actor.user_id or 0, enabled=False
        ).values_list("kind", "channel")
    )
    return [
        {
            "kind": kind,
            "channels": [
                {
                    "name": f"{kind.key}:{channel}",
                    "label": Channel(channel).label,
                    "on": not kind.can_be_disabled or (kind.key, channel) not in off,
                }
                for channel in kind.channels
            ],
        }
        for kind in messages.kinds()
        if kind is not addresses.CHECK
    ]


@require_POST
@open_to_signed_in
def address_add(request: Request) -> HttpResponse:
    """Enter an address; the question whether it is theirs goes there at once."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            point = addresses.add_contact_point(
                actor=request.actor,
                user=User.objects.get(pk=request.actor.user_id or 0),
                channel=Channel(form.cleaned_data["channel"]),
                address=form.cleaned_data["address"],
                at=clock.now(),
            )
        except UserFacingError as problem:
            form.add_error("address", str(problem))
        else:
            if point.verified_at is None:
                told.success(request, _("A question was sent there: open it and confirm."))
            return redirect("preferences_edit")
    return _page(request, form, status=400)


@require_POST
@open_to_signed_in
def address_ask(request: Request, pk: int) -> HttpResponse:
    """Send the question again."""
    point = get_or_404(addresses.points_of(request.actor), pk=pk)
    if point.verified_at is None:
        addresses.ask_address(actor=request.actor, point=point, at=clock.now())
        told.success(request, _("A question was sent there: open it and confirm."))
    return redirect("preferences_edit")


@require_POST
@open_to_signed_in
def address_remove(request: Request, pk: int) -> HttpResponse:
    """Forget one of one's own addresses; anybody else's is a 404."""
    point = get_or_404(addresses.points_of(request.actor), pk=pk)
    addresses.remove_contact_point(actor=request.actor, point=point)
    return redirect("preferences_edit")


@open_to_signed_in
def address_confirm(request: Request, token: str) -> HttpResponse:
    """Ask whoever followed the link once more, then take the address as theirs."""
    if request.method == "POST":
        addresses.confirm_address(actor=request.actor, token=token, at=clock.now())
        told.success(request, _("Messages go to this address from now on."))
        return redirect("preferences_edit")
    point = addresses.point_of(request.actor, token)
    return render(request, "common/address_confirm.html", {"point": point})
