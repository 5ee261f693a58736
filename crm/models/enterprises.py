"""Enterprises as the city knows them."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import M, ScopedQuerySet, Through
from crm.common.records.models import Attributable, Searchable, TimeStamped, Versioned
from crm.common.records.searching import SearchableQuerySetMixin
from crm.common.slots import grounds
from crm.enums import EnterpriseType, RegistrationStatus
from crm.rules import USCC_PATTERN

# The slot where rooms above say which enterprises an actor works with.
IN_CARE = "crm.enterprise"


class EnterpriseQuerySet(SearchableQuerySetMixin, ScopedQuerySet["Enterprise"]):
    """Enterprises: their register entry, and those whose papers somebody works with."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the enterprises whose register entry is open to the actor.

        The register is public: name, code, industry, area and status are open to all staff. What
        hangs on an enterprise asks `in_care_of`. Merged duplicates nobody sees.
        """
        rows = self.exclude(status=RegistrationStatus.MERGED)
        if actor.is_staff:
            return rows
        if actor.has(Role.ENTERPRISE):
            return rows.filter(pk__in=actor.enterprise_ids)
        return self.none()

    def in_care_of(self, actor: Actor) -> Self:
        """Return the enterprises whose papers (contacts, visits, values) are the actor's work.

        All to leaders and auditors; to agents and leads those of their areas, and to whoever
        works on one of its records (a team, an assigned issue) that one: see `grounds`.
        """
        rows = self.exclude(status=RegistrationStatus.MERGED)
        if actor.sees_all:
            return rows
        seen = models.Q(pk__in=())
        if actor.has(Role.AGENT, Role.LEAD):
            seen |= models.Q(area_id__in=actor.area_ids)
        if actor.has(Role.ENTERPRISE):
            seen |= models.Q(pk__in=actor.enterprise_ids)
        for keys in grounds.keys_opened(IN_CARE, actor):
            seen |= models.Q(pk__in=keys)
        return rows.filter(seen)

    def records_of(self, enterprise: "Enterprise") -> Self:
        """Return an enterprise's own record and the duplicates merged into it."""
        return self.filter(models.Q(pk=enterprise.pk) | models.Q(merged_into=enterprise))


class OfEnterprise(Through[M]):
    """Papers of an enterprise, seen by whoever works with it."""

    through = "enterprise"

    def seen_by(self, actor: Actor) -> Self:
        """Return the rows of enterprises in the actor's care."""
        if actor.sees_all:
            return self.all()
        return self.filter(**{f"{self.through}__in": Enterprise.objects.in_care_of(actor)})


class OfRegister(Through[M]):
    """Register facts of an enterprise, as public as its entry."""

    through = "enterprise"


def in_care(actor: Actor) -> EnterpriseQuerySet:
    """Return the enterprises in the actor's care."""
    rows: EnterpriseQuerySet = Enterprise.objects.in_care_of(actor)
    return rows


def of_any(enterprises: Any) -> models.Q:
    """Return the condition of facts recorded for one of the enterprises or its duplicates."""
    return models.Q(enterprise__in=enterprises) | models.Q(enterprise__merged_into__in=enterprises)


class StaysWithRecord(ScopedQuerySet[M]):
    """Facts that a merge never moves: seen by whoever works with the record that now stands.

    Their models say `stays_when_merged`; so the figures of a past day stay when two records
    turn out to be one enterprise later.
    """

    def seen_by(self, actor: Actor) -> Self:
        """Return the rows of the enterprises in the actor's care, and of their duplicates."""
        return self.all() if actor.sees_all else self.filter(of_any(in_care(actor)))

    def of_enterprise(self, enterprise: "Enterprise") -> Self:
        """Return the rows of an enterprise and of the duplicates merged into it."""
        return self.filter(enterprise__in=Enterprise.objects.records_of(enterprise))


class Enterprise(TimeStamped, Attributable, Versioned, Searchable):
    """One legal entity, known by its unified social credit code (GB 32100-2015)."""

    PERSONAL_FIELDS = ("legal_representative",)

    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    name = models.CharField(_("name"), max_length=120, db_index=True)
    legal_representative = models.CharField(_("legal representative"), max_length=40, blank=True)
    enterprise_type = models.CharField(
        _("type"), max_length=20, choices=EnterpriseType.choices, default=EnterpriseType.LIMITED
    )
    registered_capital_fen = models.BigIntegerField(_("registered capital"), null=True, blank=True)
    established_on = models.DateField(_("established on"), null=True, blank=True)
    industry = models.ForeignKey(
        "crm.Industry",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name=_("industry"),
    )
    area = models.ForeignKey(
        "crm.Area", on_delete=models.PROTECT, related_name="enterprises", verbose_name=_("area")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=RegistrationStatus.choices,
        default=RegistrationStatus.ACTIVE,
    )

    # The record that stands for this one since they were merged; the last of a chain.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="duplicates"
    )

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(uscc__regex=USCC_PATTERN), name="crm_enterprise_uscc_form"
            ),
            models.CheckConstraint(
                condition=models.Q(status="merged", merged_into__isnull=False)
                | (~models.Q(status="merged") & models.Q(merged_into__isnull=True)),
                name="crm_enterprise_merged_into_iff_merged",
            ),
            models.CheckConstraint(
                condition=models.Q(registered_capital_fen__isnull=True)
                | models.Q(registered_capital_fen__gte=0),
                name="crm_enterprise_capital_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["area", "name"]), models.Index(fields=["industry", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether it is registered and at work."""
        return self.status == RegistrationStatus.ACTIVE


class FormerName(models.Model):
    """A name the enterprise bore before; it is still found and imported under it."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="former_names"
    )
    name = models.CharField(_("former name"), max_length=120, db_index=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OfRegister["FormerName"].as_manager()

    class Meta:
        verbose_name = _("former name")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="crm_formername_once")
        ]

    def __str__(self) -> str:
        return self.name
