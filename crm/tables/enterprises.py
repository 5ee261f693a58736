"""The list of enterprises: its columns and how they are drawn."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.common.face.lists import Column, ListSpec, Phone, cells, register
from crm.enums import RegistrationStatus
from crm.filters import EnterpriseFilter
from crm.models import Enterprise

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
