"""What the bulletin counts of data: indicators and observations."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.common.days.clock import local_date
from crm.common.slots.figures import Figure, register
from profiles.models import IndicatorVersion, Observation


def _indicators(cutoff: datetime) -> QuerySet[IndicatorVersion]:
    last_day = local_date(cutoff - timedelta(seconds=1))
    return (
        IndicatorVersion.objects.in_force(last_day)
        .select_related("indicator", "department")
        .order_by("indicator_id")
    )


def _observations(cutoff: datetime) -> QuerySet[Observation]:
    standing = Q(superseded_at=None) | Q(superseded_at__gte=cutoff)
    return (
        Observation.objects.filter(standing, recorded_at__lt=cutoff)
        .select_related("enterprise", "batch")
        .with_meaning()
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
            ("indicator__code", _("Code")),
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
            ("meaning__name", _("Indicator")),
            ("period_end", _("Period to")),
            ("shown", _("Value")),
            ("batch__name", _("Batch")),
        ),
    )
)
