"""Enterprises as the city knows them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ScopedQuerySet
from crm.common.records.models import Attributable, Searchable, TimeStamped, Versioned
from crm.common.records.searching import SearchableQuerySetMixin
from crm.enums import EnterpriseType, RegistrationStatus
from crm.rules import USCC_PATTERN


class EnterpriseQuerySet(SearchableQuerySetMixin, ScopedQuerySet["Enterprise"]):
    """Enterprises; agents and leads see their areas, departments all, an enterprise itself."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the enterprises the actor may see; merged duplicates nobody sees."""
        rows = self.exclude(status=RegistrationStatus.MERGED)
        if actor.sees_all or actor.has(Role.HANDLER, Role.POLICY_EDITOR, Role.FINANCE):
            return rows
        if actor.has(Role.AGENT, Role.LEAD):
            return rows.filter(area_id__in=actor.area_ids)
        if actor.has(Role.ENTERPRISE):
            return rows.filter(pk__in=actor.enterprise_ids)
        return self.none()


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
                condition=models.Q(registered_capital_fen__isnull=True)
                | models.Q(registered_capital_fen__gte=0),
                name="crm_enterprise_capital_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["area", "name"]), models.Index(fields=["industry", "name"])]

    def __str__(self) -> str:
        return self.name


class FormerNameQuerySet(ScopedQuerySet["FormerName"]):
    """Former names; seen by whoever sees the enterprise."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the names of enterprises the actor may see."""
        return self.filter(enterprise__in=Enterprise.objects.visible_to(actor))


class FormerName(models.Model):
    """A name the enterprise bore before; it is still found and imported under it."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="former_names"
    )
    name = models.CharField(_("former name"), max_length=120, db_index=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("former name")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="crm_formername_once")
        ]

    def __str__(self) -> str:
        return self.name
