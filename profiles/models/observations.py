"""Observations: a value, and where it comes from."""

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import Through
from crm.common.quantity import SCALE
from crm.common.slots import grounds
from crm.models import Enterprise
from crm.models.enterprises import StaysWithRecord, in_care, of_any
from profiles.enums import Sensitivity, ValueType
from profiles.models.consents import Consent
from profiles.models.imports import ImportBatch
from profiles.models.indicators import Indicator, IndicatorVersion

# The slot where rooms above say which indicators an actor's work rests on.
VALUES = "profiles.indicator"


def _indicators(**of_version: Any) -> Any:
    """Return the indicators whose newest version is so."""
    rows = IndicatorVersion.objects.filter(effective_to=None, **of_version)
    return rows.order_by().values("indicator_id")


# Roles that work with single enterprises.
WORKING = frozenset({Role.AGENT, Role.LEAD, Role.HANDLER})


class ObservationQuerySet(StaysWithRecord["Observation"]):
    """Values, and who may see a single enterprise's: DESIGN of the access table in docs/access.md.

    Confidential ones (tax, wages, insurance, loans, a unit's statistics) are seen by the
    department that owns them, by auditors and the enterprise itself; by whoever else works
    with the enterprise only with its consent; by leaders as aggregates.
    """

    def seen_by(self, actor: Actor) -> Self:
        """Return the values open to the actor."""
        if actor.has(Role.AUDITOR):
            return self.all()
        open_ones = ~models.Q(indicator__in=_indicators(sensitivity=Sensitivity.CONFIDENTIAL))
        allowed = open_ones | of_any(Consent.objects.standing().order_by().values("enterprise_id"))
        seen = models.Q(pk__in=())
        if actor.has(Role.LEADER):
            seen |= open_ones
        if actor.has(Role.AGENT, Role.LEAD, Role.HANDLER):
            seen |= of_any(in_care(actor.only(*WORKING))) & allowed
        if actor.has(Role.HANDLER):
            seen |= models.Q(indicator__in=_indicators(department__in=actor.department_ids))
        if actor.has(Role.ENTERPRISE):
            seen |= of_any(Enterprise.objects.visible_to(actor.only(Role.ENTERPRISE)))
        for keys in grounds.keys_opened(VALUES, actor):
            seen |= models.Q(indicator__in=keys) & allowed
        return self.filter(seen)

    def current(self) -> Self:
        """Leave out what was corrected or withdrawn."""
        return self.filter(superseded_at=None)

    def with_meaning(self) -> Self:
        """Fetch the versions of the indicators along, for `meaning` (one query more)."""
        return self.prefetch_related(
            models.Prefetch("indicator", Indicator.objects.with_versions())
        )


class Observation(models.Model):
    """One value of one indicator for one enterprise and period.

    Numbers are integers of a ten-thousandth of the unit the indicator had when the period
    began (`number_e4`, `meaning`), because decimal columns drift on SQLite; yes and no are
    1 and 0 in the same scale; categories and dates (ISO) stand in `text`.

    Nothing is un-written: a correction supersedes a row (`superseded_at`, `superseded_by`); a
    value that is taken back without another is superseded by nothing; undoing a correction
    re-asserts the old value in a new row, recorded then (`reasserts` names the first).
    """

    stays_when_merged = True

    enterprise = models.ForeignKey(
        "crm.Enterprise", on_delete=models.PROTECT, related_name="observations"
    )
    # Its index is that of the periods, below.
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="observations", db_index=False
    )
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    cumulative = models.BooleanField(_("cumulative"), default=False)
    number_e4 = models.BigIntegerField(null=True)
    text = models.CharField(max_length=60, blank=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="observations")
    row = models.PositiveIntegerField(_("row"), null=True)
    column = models.CharField(_("column"), max_length=4, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)
    superseded_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="supersedes", db_index=False
    )
    reasserts = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="reasserted_by", db_index=False
    )

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "indicator", "period_start", "period_end", "cumulative"],
                condition=models.Q(superseded_at=None),
                name="profiles_observation_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(number_e4__isnull=False, text="")
                | (models.Q(number_e4__isnull=True) & ~models.Q(text="")),
                name="profiles_observation_number_or_text",
            ),
            models.CheckConstraint(
                condition=models.Q(superseded_by__isnull=True)
                | models.Q(superseded_at__isnull=False),
                name="profiles_observation_superseded_at_with_by",
            ),
            models.CheckConstraint(
                condition=models.Q(period_end__gte=models.F("period_start")),
                name="profiles_observation_period_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["indicator", "period_end", "period_start"]),
            models.Index(
                fields=["superseded_by"],
                condition=models.Q(superseded_by__isnull=False),
                name="profiles_observation_corrector",
            ),
            models.Index(
                fields=["reasserts"],
                condition=models.Q(reasserts__isnull=False),
                name="profiles_observation_said_anew",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meaning}: {self.shown}"

    @property
    def meaning(self) -> IndicatorVersion:
        """The indicator as it was when the period began: a later version changes no value."""
        return self.indicator.on(self.period_start)

    @property
    def number(self) -> Decimal | None:
        """The number in the indicator's unit."""
        return None if self.number_e4 is None else Decimal(self.number_e4) / SCALE

    @property
    def shown(self) -> str:
        """The value as it is read on a screen, without its unit."""
        if self.meaning.value_type == ValueType.BOOL:
            return gettext("yes") if self.number_e4 else gettext("no")
        if self.number is None:
            return self.text
        plain = self.number.normalize()
        return f"{plain:,f}".replace("-", "\N{MINUS SIGN}")


class OfObservation(Through["ObservationConfirmation"]):
    """Confirmations; seen with the value."""

    through = "observation"


class ObservationConfirmation(models.Model):
    """A batch that says again what is known: the value is as much its own as the first one's.

    It is not counted again; but when the first batch is taken back, the value stays.
    """

    observation = models.ForeignKey(
        Observation, on_delete=models.PROTECT, related_name="confirmations"
    )
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="confirmations")
    row = models.PositiveIntegerField(_("row"), null=True)
    column = models.CharField(_("column"), max_length=4, blank=True)

    objects = OfObservation.as_manager()

    class Meta:
        verbose_name = _("confirmation of a value")
        constraints = [
            models.UniqueConstraint(
                fields=["observation", "batch"], name="profiles_confirmation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.observation_id} {self.batch_id}"
