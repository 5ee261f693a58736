"""The lists of enterprises and accounts: their columns and how they are drawn."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common.face import formatting
from crm.common.face.lists import Column, ListSpec, Phone, Preset, cells, register
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.enums import RegistrationStatus
from crm.filters import AccountFilter, EnterpriseFilter
from crm.models import Enterprise
from crm.selectors import staff_accounts

# What the columns draw; anything else would cost a query a row, which the counts of queries catch.
DRAWN = ("name", "uscc", "established_on", "status", "industry__name", "area__name")


def _name(enterprise: Enterprise) -> SafeString:
    url = cells.address("staff:crm:enterprise_detail", enterprise.pk)
    return cells.link(url, enterprise.name)


ENTERPRISES = register(
    ListSpec(
        key="crm.enterprises",
        title=_("Enterprises"),
        template="crm/enterprise_list.html",
        rows=Enterprise.objects.visible_to,
        filterset=EnterpriseFilter,
        default_sort="name",
        columns=(
            Column(
                "name",
                _("Name"),
                lambda e: e.name,
                cell=_name,
                sort=("name",),
                optional=False,
                phone=Phone.MAIN,
            ),
            Column(
                "uscc",
                _("Credit code"),
                lambda e: e.uscc,
                phone=Phone.HIDDEN,
                cell_css="nowrap ink-2",
            ),
            Column(
                "industry",
                _("Industry"),
                lambda e: e.industry.name if e.industry else "",
                phone=Phone.NAMED,
            ),
            Column("area", _("Area"), lambda e: e.area.name, cell_css="nowrap"),
            Column(
                "established",
                _("Established"),
                lambda e: e.established_on,
                cell=lambda e: cells.iso_day(e.established_on),
                sort=("established_on",),
                css="as-xl",
                phone=Phone.HIDDEN,
                cell_css="nowrap",
            ),
            Column(
                "status",
                _("Status"),
                lambda e: cells.choice(RegistrationStatus, e.status),
                cell_css="nowrap",
            ),
        ),
        for_page=lambda rows: rows.select_related("industry", "area").only(*DRAWN),
    )
)


def _account(user: User) -> SafeString:
    url = cells.address("staff:crm:account_detail", user.pk)
    return cells.link(url, user.display_name, user.username)


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


def _account_state(user: User) -> SafeString | str:
    return str(_("In office")) if user.is_active else cells.lamp("no", _("Closed"))


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
            Column("roles", _("Roles"), _roles),
            Column("unit", _("Department"), _unit, cell_css="nowrap"),
            Column("areas", _("Areas"), _areas, phone=Phone.HIDDEN),
            Column(
                "seen",
                _("Last sign-in"),
                lambda u: u.last_login,
                cell=lambda u: formatting.moment(u.last_login) if u.last_login else _("Never"),
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
                lambda u: str(_("In office") if u.is_active else _("Closed")),
                cell=_account_state,
                cell_css="nowrap",
            ),
        ),
        for_page=lambda rows: rows.select_related("staff_profile__department").prefetch_related(
            "role_grants", "staff_profile__areas"
        ),
        presets=lambda actor: [
            Preset(_("All"), ""),
            Preset(_("Without a second step"), "state=single"),
            Preset(_("Not signed in for 90 days"), "state=idle"),
            Preset(_("Closed"), "state=closed"),
        ],
    )
)
