"""The list of accounts: its columns, how they are drawn, what is done with many at once."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm import services
from crm.common.days import clock
from crm.common.face import formatting
from crm.common.face.lists import (
    BulkAction,
    Column,
    ListSpec,
    Phone,
    Preset,
    cells,
    register,
)
from crm.common.face.xlsx import xlsx_response
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import Absence, User
from crm.filters import AccountFilter
from crm.forms import AreaForm, CloseForm, RoleForm, SecondStepForm
from crm.permissions import can_keep_accounts
from crm.selectors import staff_accounts, states_of_accounts

IDLE_DAYS = 90


def _account(user: User) -> SafeString:
    """Draw the name as the way to the account: beside the list at a desk, its page otherwise."""
    url = cells.safe(cells.address("staff:crm:account_detail", user.pk))
    return cells.markup(
        f'<a class="text-reset fw-6" href="{url}" hx-get="{url}" hx-target="#pane"'
        f' hx-swap="outerHTML" hx-push-url="true">{cells.safe(user.display_name)}</a>',
        f'<span class="d-block meta">{cells.safe(user.username)}</span>',
    )


def _roles(user: User) -> str:
    return "、".join(str(Role(grant.role).label) for grant in user.role_grants.all())


def _unit(user: User) -> str:
    profile = getattr(user, "staff_profile", None)
    return profile.department.short_name if profile else ""


def _areas(user: User) -> str:
    profile = getattr(user, "staff_profile", None)
    return "、".join(area.name for area in profile.areas.all()) if profile else ""


def _second_step(user: User) -> SafeString:
    if user.has_second_step:  # type: ignore[attr-defined]
        return cells.lamp("done", _("On"))
    return cells.lamp("risk", _("Off"))


def _away(user: User) -> Absence | None:
    found: list[Absence] = user.away_now  # type: ignore[attr-defined]
    return found[0] if found else None


def _idle_days(user: User) -> int:
    since = user.last_login or user.date_joined
    return (clock.machine_now() - since) // timedelta(days=1)


def _state_words(user: User) -> tuple[str, str]:
    """Return the lamp of an account and its words."""
    if not user.is_active:
        return "no", gettext("Closed")
    if away := _away(user):
        words = gettext("%(reason)s until %(day)s")
        return "hold", words % {"reason": away.reason, "day": formatting.day(away.until)}
    if (days := _idle_days(user)) > IDLE_DAYS:
        return "risk", gettext("Not signed in for %s days") % days
    return "", gettext("In office")


def _account_state(user: User) -> SafeString | str:
    lamp, words = _state_words(user)
    shown = cells.lamp(lamp, words) if lamp else words
    away = _away(user) if user.is_active else None
    if away is None:
        return shown
    deputy = cells.safe(gettext("Deputy %s") % away.deputy)
    return cells.markup(shown, f'<span class="d-block meta">{deputy}</span>')


def _for_page(rows: QuerySet[User]) -> QuerySet[User]:
    away = Absence.objects.on(clock.today()).select_related("deputy")
    return rows.select_related("staff_profile__department").prefetch_related(
        "role_grants", "staff_profile__areas", Prefetch("absences", away, to_attr="away_now")
    )


def _presets(actor: Actor) -> list[Preset]:
    count = states_of_accounts(actor)
    return [
        Preset(_("All"), "", count["all"]),
        Preset(Role.AGENT.label, "role=agent", count["agents"]),
        Preset(Role.HANDLER.label, "role=handler", count["handlers"]),
        Preset(_("Away"), "state=away", count["away"]),
        Preset(_("Without a second step"), "state=single", count["single"]),
        Preset(_("Not signed in for 90 days"), "state=idle", count["idle"]),
        Preset(_("Closed"), "state=closed", count["closed"]),
    ]


def _close(actor: Actor, user: User, values: dict[str, Any], at: datetime) -> None:
    services.close_account(actor=actor, user=user, reason=values["reason"], at=at)


def _role(actor: Actor, user: User, values: dict[str, Any], _at: datetime) -> None:
    role, give = Role(values["role"]), values["how"] == "give"
    services.change_role(actor=actor, user=user, role=role, give=give)


def _area(actor: Actor, user: User, values: dict[str, Any], _at: datetime) -> None:
    area, give = values["area"].pk, values["how"] == "give"
    services.change_area(actor=actor, user=user, area_id=area, give=give)


def _demand(actor: Actor, user: User, values: dict[str, Any], _at: datetime) -> None:
    services.demand_second_step(actor=actor, user=user, due=values["due"] == "yes")


def _links(listing: Any, people: list[User]) -> HttpResponse:
    """Answer with a table of links on which each person sets a password, once."""
    address = listing.request.build_absolute_uri
    rows = [
        (
            user.display_name,
            user.username,
            user.phone,
            address(services.password_link(actor=listing.actor, user=user)),
        )
        for user in people
        if user.is_active
    ]
    head = [gettext("Name"), gettext("User name"), gettext("Mobile phone"), gettext("Link")]
    return xlsx_response(gettext("Links to set a password"), head, rows)


BULK = (
    BulkAction("role", _("Role"), "user-check", can_keep_accounts, work=_role, asks=RoleForm),
    BulkAction("area", _("Area"), "map-pin", can_keep_accounts, work=_area, asks=AreaForm),
    BulkAction(
        "second", _("Second step"), "key", can_keep_accounts, work=_demand, asks=SecondStepForm
    ),
    BulkAction("close", _("Close"), "ban", can_keep_accounts, work=_close, asks=CloseForm),
    BulkAction("links", _("Links to set a password"), "link", can_keep_accounts, answer=_links),
)


ACCOUNTS = register(
    ListSpec(
        key="crm.accounts",
        title=_("Accounts"),
        template="crm/account_list.html",
        rows=staff_accounts,
        filterset=AccountFilter,
        default_sort="name",
        columns=(
            Column(
                "name",
                pgettext_lazy("person", "Name"),
                lambda u: u.display_name,
                cell=_account,
                sort=("display_name", "pk"),
                optional=False,
                phone=Phone.MAIN,
            ),
            Column("roles", _("Roles"), _roles, cell_css="nowrap"),
            Column("unit", _("Department"), _unit, cell_css="nowrap"),
            Column("areas", _("Areas"), _areas, phone=Phone.HIDDEN, css="as-xl"),
            Column(
                "seen",
                _("Last sign-in"),
                lambda u: u.last_login,
                cell=lambda u: formatting.day(u.last_login) if u.last_login else _("Never"),
                sort=("last_login",),
                cell_css="nowrap",
            ),
            Column(
                "second",
                _("Second step"),
                lambda u: str(_("On") if u.has_second_step else _("Off")),
                cell=_second_step,
                cell_css="nowrap",
            ),
            Column(
                "state",
                _("State"),
                lambda u: _state_words(u)[1],
                cell=_account_state,
                cell_css="nowrap",
            ),
        ),
        for_page=_for_page,
        presets=_presets,
        bulk=BULK,
    )
)
