"""Labels: their rules, whom they are put on and taken from, and what came of a warning."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.outbox.jobs import Unwatched, Watch
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.dated import add_changed_version, add_version
from issues.enums import IssueSource
from issues.models import Issue, IssueCategory
from issues.services.logging import log_issue
from profiles import features
from profiles.enums import CheckOutcome
from profiles.models import (
    Label,
    LabelAssignment,
    LabelCheck,
    LabelEnding,
    LabelRun,
    LabelVersion,
)
from profiles.permissions import can_check_warning, can_edit_labels, can_judge_labels
from profiles.rules import (
    Outcome,
    RuleError,
    Verdict,
    Words,
    evaluate,
    events_of,
    features_of,
    parse,
    sentence,
)
from profiles.services.books import books

DATA = Path(__file__).resolve().parent.parent / "data" / "labels.json"
FIRST_DAY = date(2021, 1, 1)
WHY_SHOWN = 5


@transaction.atomic
def load_labels(effective_from: date) -> int:
    """Load the starter labels; repeating it changes nothing, a changed one gets a version.

    A label that an official has changed since keeps what he wrote.
    """
    rows = json.loads(DATA.read_text("utf-8"))
    language = features.language(effective_from)
    for row in rows:
        label, new = Label.objects.get_or_create(
            code=row["code"],
            defaults={"kind": row["kind"], "category": row.get("category", "")},
        )
        if not new and label.versions.count() > 1:
            continue
        rule = parse(row["rule"], catalogue=language)
        add_changed_version(
            LabelVersion,
            of="label",
            entry=label,
            first_day=FIRST_DAY,
            effective_from=effective_from,
            name=row["name"],
            rule=row["rule"],
            sentence=sentence(rule, language),
        )
    return len(rows)


@transaction.atomic
def revise_label(
    *,
    actor: Actor,
    label: Label,
    name: str,
    rule: dict[str, Any],
    in_use: bool,
    effective_from: date,
    at: datetime,
) -> LabelVersion:
    """Change a label from a coming day on.

    Raises UserFacingError with each mistake of the rule, VersionRefused for a day on which
    another version begins, NotAllowedError for anybody but a policy editor.
    """
    if not can_edit_labels(actor):
        raise NotAllowedError(_("Policy editors change labels."))
    if effective_from <= local_date(at):
        raise UserFacingError(_("A change of a label begins tomorrow or later."))
    language = features.language(effective_from)
    try:
        parsed = parse(rule, catalogue=language)
    except RuleError as problem:
        raise UserFacingError(str(problem)) from None
    made = add_version(
        LabelVersion,
        of="label",
        entry=label,
        effective_from=effective_from,
        name=name.strip(),
        rule=rule,
        sentence=sentence(parsed, language),
        in_use=in_use,
    )
    after = {"from": effective_from.isoformat(), "sentence": made.sentence}
    audit.record("label.revise", actor=actor, target=label, after=after)
    return made


def why_of(outcome: Outcome, words: Words) -> list[str]:
    """Return the conditions that decided, with source and month and without any figure."""
    decided = [one for one in outcome.path if one.verdict is outcome.verdict]
    told = []
    for result in decided[:WHY_SHOWN]:
        source = next(iter(result.answer.sources), None)
        month = f"，{source.on:%Y-%m}" if source is not None and source.on else ""
        origin = f"（{source.department}{month}）" if source is not None else ""
        told.append(words.condition(result.leaf.question, result.negated) + origin)
    return told


@transaction.atomic
def assign_labels(
    *, actor: Actor, as_of: date, at: datetime, watch: Watch | None = None
) -> LabelRun:
    """Judge every enterprise by the labels in force on a day; put on and take off what changed.

    Unknown neither puts a label on nor takes it off. The same day again changes nothing.
    """
    if not can_judge_labels(actor):
        raise NotAllowedError(_("Policy editors judge labels."))
    watch = watch or Unwatched()
    language = features.language(as_of)
    versions = LabelVersion.objects.in_force(as_of).filter(in_use=True).select_related("label")
    rules = {version: parse(version.rule, catalogue=language) for version in versions}
    standing = _standing(list(rules))
    tally = {version.label_id: dict.fromkeys(_COUNTED, 0) for version in rules}
    begun, ended, judged = [], [], 0
    wanted = tuple(rules.values())
    for enterprise_id, book in books(as_of, features_of(wanted), events_of(wanted)):
        judged += 1
        if judged % 200 == 0:
            watch.progress(50, str(judged))
        for version, rule in rules.items():
            outcome = evaluate(rule, book)
            held = standing.get((version.label_id, enterprise_id))
            words, counts = Words(language, rule.period), tally[version.label_id]
            counts["standing"] += _stands(outcome, held is not None)
            counts["unknown"] += outcome.verdict is Verdict.UNKNOWN
            if outcome.verdict is Verdict.TRUE and held is None:
                counts["begun"] += 1
                begun.append(
                    LabelAssignment(
                        version=version,
                        label_id=version.label_id,
                        enterprise_id=enterprise_id,
                        since=as_of,
                        why=why_of(outcome, words),
                        recorded_at=at,
                    )
                )
            if outcome.verdict is Verdict.FALSE and held is not None:
                counts["ended"] += 1
                why = why_of(outcome, words)
                ended.append(LabelEnding(assignment=held, on=as_of, why=why, recorded_at=at))
    LabelAssignment.objects.bulk_create(begun, batch_size=500)
    LabelEnding.objects.bulk_create(ended, batch_size=500)
    counted = {str(key): value for key, value in tally.items()}
    run = LabelRun.objects.create(as_of=as_of, ran_at=at, judged=judged, counts=counted)
    after = {"begun": len(begun), "ended": len(ended), "judged": judged}
    audit.record("label.run", actor=actor, target=run, after=after)
    return run


_COUNTED = ("standing", "begun", "ended", "unknown")


def _stands(outcome: Outcome, held: bool) -> bool:
    return outcome.verdict is Verdict.TRUE or (held and outcome.verdict is Verdict.UNKNOWN)


def _standing(versions: list[LabelVersion]) -> dict[tuple[int, int], LabelAssignment]:
    """Return what stands, locked against a second run at the same moment."""
    labels = Label.objects.select_for_update().filter(pk__in=[v.label_id for v in versions])
    rows = LabelAssignment.objects.standing().filter(label__in=[one.pk for one in labels])
    return {(row.label_id, row.enterprise_id): row for row in rows}


@transaction.atomic
def check_warning(
    *, actor: Actor, assignment: LabelAssignment, outcome: str, note: str, at: datetime
) -> LabelCheck:
    """Remember what came of looking into a warning; raises NotAllowedError for strangers."""
    if actor.user_id is None or not can_check_warning(actor, assignment.enterprise):
        raise NotAllowedError(_("Whoever works with the enterprise checks its warnings."))
    if outcome != CheckOutcome.CONFIRMED and not note.strip():
        raise UserFacingError(_("Write down what was found."))
    return _checked(actor, assignment, outcome, note.strip(), None, at)


@transaction.atomic
def open_issue(*, actor: Actor, assignment: LabelAssignment, at: datetime) -> Issue:
    """Make a warning an issue, with why it stands as its words; a second one is refused."""
    if actor.user_id is None or not can_check_warning(actor, assignment.enterprise):
        raise NotAllowedError(_("Whoever works with the enterprise checks its warnings."))
    LabelAssignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    known = assignment.checks.exclude(issue=None).select_related("issue").first()
    if known is not None and known.issue is not None:
        raise ConflictError(_("It is an issue already: %s.") % known.issue.number)
    category = _category(assignment)
    reasons = "；".join(assignment.why)
    issue = log_issue(
        actor=actor,
        at=at,
        enterprise=assignment.enterprise,
        category=category,
        verbatim=f"{assignment.version.name}：{reasons}",
        title=assignment.version.name,
        source=IssueSource.INSPECTION,
    )
    _checked(actor, assignment, CheckOutcome.ISSUE, issue.number, issue, at)
    return issue


def _category(assignment: LabelAssignment) -> IssueCategory:
    """Return the kind of issue a warning becomes: its own, else "other", if the city has them."""
    live = IssueCategory.objects.filter(active=True)
    for code in (assignment.label.category, "other"):
        if found := live.filter(code=code).first():
            return found
    raise UserFacingError(
        _("There is no kind of issue for this warning. Log it by hand, or add the kind “other”.")
    )


def _checked(
    actor: Actor,
    assignment: LabelAssignment,
    outcome: str,
    note: str,
    issue: Issue | None,
    at: datetime,
) -> LabelCheck:
    assert actor.user_id is not None
    row = LabelCheck.objects.create(
        assignment=assignment,
        outcome=outcome,
        note=note,
        issue=issue,
        checked_at=at,
        checked_by_id=actor.user_id,
    )
    audit.record("label.check", actor=actor, target=assignment, after={"outcome": outcome})
    return row
