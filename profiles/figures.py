"""What the bulletin counts of data: indicators and observations."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.common.days.clock import local_date
from crm.common.slots.figures import Figure, register
from profiles.models import Indicator, Observation
from profiles.models.indicators import in_force_on


def _indicators(cutoff: datetime) -> QuerySet[Indicator]:
    last_day = local_date(cutoff - timedelta(seconds=1))
    return (
        Indicator.objects.filter(in_force_on(last_day)).select_related("department").order_by("pk")
    )


def _observations(cutoff: datetime) -> QuerySet[Observation]:
    standing = Q(superseded_at=None) | Q(superseded_at__gte=cutoff)
    return (
        Observation.objects.filter(standing, recorded_at__lt=cutoff)
        .select_related("enterprise", "indicator__department", "batch")
        .order_by("pk")
    )


register(
    Figure(
        key="indicators",
        label=_("Indicators gathered"),
        definition=_("Indicators of the catalogue in force on the last day before the cut-off."),
        unit=_("indicators"),
        rows=_indicators,
        columns=(
            ("code", _("Code")),
            ("name", _("Indicator")),
            ("unit", _("Unit")),
            ("department__short_name", _("Department")),
        ),
    )
)
register(
    Figure(
        key="observations",
        label=_("Values gathered"),
        definition=_("Values recorded before the cut-off and not superseded by then."),
        unit=_("values"),
        rows=_observations,
        columns=(
            ("enterprise__name", _("Enterprise")),
            ("indicator__name", _("Indicator")),
            ("period_end", _("Period to")),
            ("shown", _("Value")),
            ("batch__name", _("Batch")),
        ),
    )
)
