"""Policies, their clauses with immutable rule versions, matches and pushes."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ReadByAll, ReadByStaff
from crm.common.records.models import DatedVersionQuerySet, Searchable, Versioned
from crm.common.records.searching import SearchableQuerySetMixin
from crm.models.enterprises import OfEnterprise, StaysWithRecord
from policy_match.enums import MatchState, PushAnswer, VersionStatus

VERDICT_READERS = (Role.LEADER, Role.AUDITOR, Role.AGENT, Role.LEAD, Role.ENTERPRISE)


class ClauseQuerySet(SearchableQuerySetMixin, ReadByAll["Clause"]):
    """Clauses; everybody who is signed in reads them."""


class Policy(models.Model):
    """One policy document."""

    title = models.CharField(_("title"), max_length=160)
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issuer = models.CharField(_("issuer"), max_length=80)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = ReadByAll["Policy"].as_manager()

    class Meta:
        verbose_name = _("policy")
        ordering = ["-effective_from", "pk"]

    def __str__(self) -> str:
        return self.title


class Clause(Searchable):
    """One item of a policy: its words as published."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="clauses")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=80)
    words = models.TextField(_("words of the clause"))

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class ClauseVersionQuerySet(  # type: ignore[override]
    DatedVersionQuerySet["ClauseVersion"], ReadByStaff["ClauseVersion"]
):
    """Versions of clauses; which one counts is asked for a day."""

    def written_by(self, user_id: int | None) -> Self:
        """Return a person's versions that are drafted, handed in or in force."""
        ended = [VersionStatus.SUPERSEDED, VersionStatus.WITHDRAWN]
        return self.filter(author_id=user_id or 0).exclude(status__in=ended)


class ClauseVersion(Versioned):
    """The rule and the benefit of a clause as signed; never changed, only replaced.

    The author never publishes the own version (four eyes). It is in force from the day it is
    published to the day before the next one is or it is withdrawn. `number` counts the
    clause's versions; `version` is the optimistic lock of this row.
    """

    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    rule = models.JSONField()
    benefit = models.JSONField()
    sentence = models.TextField(_("rule in words"))
    status = models.CharField(
        max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted at"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published at"), null=True)
    effective_from = models.DateField(_("in force from"), null=True)
    effective_to = models.DateField(_("in force to"), null=True)

    objects = ClauseVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause version")
        ordering = ["clause", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "number"], name="policy_match_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["clause"],
                condition=models.Q(status=VersionStatus.PUBLISHED),
                name="policy_match_one_version_published",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "submitted"], published_at__isnull=True)
                | models.Q(status__in=["published", "superseded"], published_at__isnull=False)
                | models.Q(status="withdrawn"),
                name="policy_match_published_at_iff_published",
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True, effective_from__isnull=True)
                | models.Q(published_at__isnull=False, effective_from__isnull=False),
                name="policy_match_effective_from_iff_published",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["superseded", "withdrawn"],
                    published_at__isnull=False,
                    effective_to__isnull=False,
                )
                | models.Q(status="published", effective_to__isnull=True)
                | models.Q(published_at__isnull=True, effective_to__isnull=True),
                name="policy_match_effective_to_iff_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer__isnull=True) | ~models.Q(reviewer=models.F("author")),
                name="policy_match_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause_id} v{self.number}"


class MatchRun(models.Model):
    """One judging of all enterprises: snapshot, versions and engine say how to repeat it.

    `set_aside` maps the code of each clause that could not be judged to the reason.
    """

    snapshot = models.ForeignKey(
        "profiles.FeatureSnapshot", on_delete=models.PROTECT, related_name="runs"
    )
    versions = models.ManyToManyField(ClauseVersion, related_name="runs")
    engine = models.CharField(max_length=20)
    judged = models.PositiveIntegerField(_("judged"))
    counts = models.JSONField()
    set_aside = models.JSONField(_("set aside"), default=dict)
    ran_at = models.DateTimeField(_("run at"))
    ran_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ReadByStaff["MatchRun"].as_manager()

    class Meta:
        verbose_name = _("match run")
        ordering = ["-ran_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.ran_at:%Y-%m-%d}"


class MatchQuerySet(StaysWithRecord["Match"]):
    """Verdicts: all to policy editors and finance, to agents and leads of those they work with."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the verdicts open to the actor; a department has none by its office."""
        if actor.has(Role.POLICY_EDITOR, Role.FINANCE):
            return self.all()
        return super().seen_by(actor.only(*VERDICT_READERS))


class PushQuerySet(OfEnterprise["Push"]):
    """What enterprises were told: seen with the verdict."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the pushes open to the actor."""
        if actor.has(Role.POLICY_EDITOR, Role.FINANCE):
            return self.all()
        return super().seen_by(actor.only(*VERDICT_READERS))


class Match(models.Model):
    """What one run says of one enterprise and clause; refusals that are far off have no row."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="matches")
    version = models.ForeignKey(ClauseVersion, on_delete=models.PROTECT, related_name="matches")
    enterprise = models.ForeignKey(
        "crm.Enterprise", on_delete=models.PROTECT, related_name="matches"
    )
    state = models.CharField(_("verdict"), max_length=10, choices=MatchState.choices)
    failing = models.PositiveSmallIntegerField(default=0)
    unknown = models.PositiveSmallIntegerField(default=0)
    amount_fen = models.BigIntegerField(_("amount"), null=True)

    stays_when_merged = True
    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "version", "enterprise"], name="policy_match_match_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="eligible", amount_fen__isnull=False)
                | (~models.Q(state="eligible") & models.Q(amount_fen__isnull=True)),
                name="policy_match_amount_iff_eligible",
            ),
        ]
        indexes = [models.Index(fields=["enterprise", "state"])]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.state}"

    @property
    def is_eligible(self) -> bool:
        """Whether the enterprise fulfils every condition; only then is there an amount."""
        return self.state == MatchState.ELIGIBLE


class Push(models.Model):
    """A clause told to an enterprise, with the reason as it was written; once per version.

    `answer` is what the enterprise said to it last; a no may be taken back, and so may a yes.
    """

    version = models.ForeignKey(ClauseVersion, on_delete=models.PROTECT, related_name="pushes")
    enterprise = models.ForeignKey(
        "crm.Enterprise", on_delete=models.PROTECT, related_name="pushes"
    )
    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="pushes")
    reason = models.TextField(_("why"))
    pushed_at = models.DateTimeField(_("pushed at"))
    answer = models.CharField(_("answer"), max_length=8, choices=PushAnswer.choices, blank=True)
    answer_words = models.CharField(_("in their words"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = PushQuerySet.as_manager()

    class Meta:
        verbose_name = _("push")
        ordering = ["-pushed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "enterprise"], name="policy_match_push_once"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="policy_match_answered_iff_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.version_id}"
