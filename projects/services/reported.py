"""Cases that enterprises run themselves, as the deciding departments report them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.calendar import WorkCalendar, load_calendar
from crm.common.days.clock import local_date
from crm.common.errors import UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.bulk_moves import Step, apply_many
from crm.common.records.numbering import next_numbers
from projects.enums import ApprovalStatus
from projects.models import Approval, ApprovalMatter, MatterVersion, Project
from projects.rules import due_on
from projects.services.approvals import versions_in_force
from projects.services.lights import refresh_light
from projects.states import APPROVAL_MACHINE


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What a department says of one case: accepted when, and decided when under which number."""

    project: Project
    matter: ApprovalMatter
    accepted_at: datetime
    decided_at: datetime | None = None
    result_number: str = ""


@transaction.atomic
def report_cases(
    *, actor: Actor, reports: Iterable[CaseReport], calendar: WorkCalendar | None = None
) -> list[Approval]:
    """Record cases the enterprise runs itself, with the limits in force on acceptance; all or none.

    Raises UserFacingError naming what is already under way, decided before it was accepted or
    without a certificate number; NotAllowedError for a case of another department.
    """
    given = list(reports)
    _check(given)
    made = _draw_up(actor, given)
    days = calendar or load_calendar()
    accepted = [
        Step(case, row.accepted_at, changes=_frozen(case, row, days))
        for case, row in zip(made, given, strict=True)
    ]
    apply_many(APPROVAL_MACHINE, "report", actor=actor, steps=accepted)
    decided = [
        (case, row, row.decided_at)
        for case, row in zip(made, given, strict=True)
        if row.decided_at is not None
    ]
    reviewed = [Step(case, row.accepted_at) for case, row, _at in decided]
    apply_many(APPROVAL_MACHINE, "review", actor=actor, steps=reviewed)
    ended = [
        Step(
            case,
            at,
            changes={"decided_on": local_date(at), "result_number": row.result_number.strip()},
        )
        for case, row, at in decided
    ]
    apply_many(APPROVAL_MACHINE, "decide", actor=actor, steps=ended)
    for row in given:
        refresh_light(project=row.project, today=local_date(row.decided_at or row.accepted_at))
    audit.record_many("approval.report", actor=actor, targets=made)
    return made


def _check(reports: Sequence[CaseReport]) -> None:
    """Refuse what cannot be, in words."""
    seen = set[tuple[int, int]]()
    for row in reports:
        pair = (row.project.pk, row.matter.pk)
        if pair in seen:
            raise UserFacingError(_twice(row.project.name, row.matter.code))
        seen.add(pair)
        if row.decided_at is None:
            continue
        words = {"project": row.project.name, "matter": row.matter.code}
        if row.decided_at < row.accepted_at:
            raise UserFacingError(
                _("%(project)s, %(matter)s: decided before it was accepted.") % words
            )
        if not row.result_number.strip():
            raise UserFacingError(_("A decision needs the number of its certificate or reply."))
    live = Approval.objects.exclude(status=ApprovalStatus.REFUSED).filter(
        project__in={row.project.pk for row in reports}
    )
    for case in live.select_related("project", "matter"):
        if (case.project_id, case.matter_id) in seen:
            raise UserFacingError(_twice(case.project.name, case.matter.code))


def _twice(project: str, matter: str) -> str:
    words = {"project": project, "matter": matter}
    return _("%(project)s, %(matter)s: there is a case already, and one is enough.") % words


def _draw_up(actor: Actor, reports: Sequence[CaseReport]) -> list[Approval]:
    found: dict[tuple[int, date], MatterVersion] = {}
    many = Counter(row.project.code for row in reports)
    numbers = {code: iter(next_numbers(code, count=many[code])) for code in sorted(many)}
    cases = []
    for row in reports:
        day = local_date(row.accepted_at)
        if (row.matter.pk, day) not in found:
            found[row.matter.pk, day] = versions_in_force([row.matter], day)[row.matter.pk]
        version = found[row.matter.pk, day]
        code = row.project.code
        cases.append(
            Approval(
                number=f"{code}-{row.matter.code}-{next(numbers[code])}",
                project=row.project,
                matter=row.matter,
                version_of_matter=version,
                department_id=version.department_id,
                created_at=row.accepted_at,
                updated_at=row.accepted_at,
            )
        )
    made = Approval.objects.bulk_create(cases, batch_size=200)
    began = ((case, row.accepted_at) for case, row in zip(made, reports, strict=True))
    APPROVAL_MACHINE.begin_each(began, actor=actor)
    return made


def _frozen(case: Approval, row: CaseReport, calendar: WorkCalendar) -> dict[str, object]:
    """Return what acceptance fixes: the day and the limits as they were in force on it."""
    version, day = case.version_of_matter, local_date(row.accepted_at)
    promised = version.promised_days
    return {
        "accepted_on": day,
        "statutory_days": version.statutory_days,
        "promised_days": promised,
        "due_on": None if promised is None else due_on(day, promised, [], calendar),
    }
