"""Register projects and keep their facts; what was paid in, month by month."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.numbering import next_number
from crm.common.records.searching import search_columns
from crm.common.records.transitions import lock
from crm.common.records.versioning import refuse_stale, update_versioned
from projects.enums import ProjectKind, Stage
from projects.models import (
    AgreedInvestment,
    InvestmentProgress,
    Project,
    TeamMember,
    TeamSlot,
)
from projects.permissions import can_drive, can_register_project
from projects.rules import REQUIRED_FROM, missing_for
from projects.states import STAGE_MACHINE, STANDING_MACHINE


@dataclass(frozen=True, slots=True)
class ProjectInput:
    """What is known of a project when it becomes a lead; money in 分."""

    name: str
    investor: str
    area_id: int
    kind: str = ProjectKind.INDUSTRIAL
    industry_id: int | None = None
    agreed_investment_fen: int | None = None
    parent_id: int | None = None
    enterprise_id: int | None = None


def _next_code(at: datetime) -> str:
    year = local_date(at).year
    return f"TM{year}-{next_number('project', year):04d}"


@transaction.atomic
def register_project(*, actor: Actor, data: ProjectInput, at: datetime) -> Project:
    """Enter a lead; whoever enters it is its agent until the team says otherwise.

    Raises UserFacingError when the investor already has a running project of this name in the
    area (the classic double count), NotAllowedError outside the actor's areas.
    """
    if not can_register_project(actor, data.area_id):
        raise NotAllowedError(_("You may enter projects in your own areas only."))
    if not data.name.strip() or not data.investor.strip():
        raise UserFacingError(_("A project needs a name and an investor."))
    # The number comes first: whoever registers at the same moment waits here, then sees this row.
    code = _next_code(at)
    twin = Project.objects.open().filter(
        investor=data.investor.strip(), name=data.name.strip(), area_id=data.area_id
    )
    if existing := twin.first():
        raise UserFacingError(
            _("%(investor)s already has this project: %(code)s. Open that one.")
            % {"investor": data.investor, "code": existing.code}
        )
    project = Project.objects.create(
        **asdict(data) | {"name": data.name.strip(), "investor": data.investor.strip()},
        code=code,
        stage_since=at,
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
        **search_columns(data.name.strip(), code, data.investor.strip()),
    )
    STAGE_MACHINE.begin(project, actor=actor, at=at)
    STANDING_MACHINE.begin(project, actor=actor, at=at)
    _keep_agreed(project, at)
    _begin_team(project, actor, at)
    audit.record("project.register", actor=actor, target=project, after=asdict(data))
    return project


def _begin_team(project: Project, actor: Actor, at: datetime) -> None:
    """Make the creator the agent: somebody answers for a lead from its first day."""
    if actor.user_id is None:
        return
    for slot in TeamSlot.objects.filter(code="agent", active=True):
        TeamMember.objects.create(
            project=project, slot=slot, user_id=actor.user_id, since=local_date(at)
        )


@transaction.atomic
def update_project(
    *, actor: Actor, project: Project, values: Mapping[str, Any], version: int, at: datetime
) -> Project:
    """Store changed facts of a project.

    Raises ConflictError when somebody saved in between, UserFacingError for a name that
    another project of the investor has, and for a fact its stage rests on that was emptied.
    """
    locked = lock(project)
    if not can_drive(actor, locked):
        raise NotAllowedError(_("Agents and leads of the area may change this."))
    refuse_stale(locked, values=values, expected=version)
    area = values.get("area", locked.area)
    if area.pk != locked.area_id and not can_register_project(actor, area.pk):
        raise NotAllowedError(_("You may move a project to your own areas only."))
    _refuse_nonsense(locked, values)
    named = {name: values.get(name, getattr(locked, name)) for name in ("name", "investor")}
    if any(name in values for name in named):
        values = {**values, **search_columns(named["name"], locked.code, named["investor"])}
    changed = update_versioned(project, values=values, expected=version, at=at)
    if "agreed_investment_fen" in changed:
        _keep_agreed(project, at)
    audit.record(
        "project.update",
        actor=actor,
        target=project,
        before={name: _plain(pair[0]) for name, pair in changed.items()},
        after={name: _plain(pair[1]) for name, pair in changed.items()},
    )
    return project


def _refuse_nonsense(locked: Project, values: Mapping[str, Any]) -> None:
    """Refuse a twin, and emptying what the stage reached rests on."""
    known = {name: getattr(locked, name) for name in REQUIRED_FROM}
    gone = set(missing_for(Stage(locked.stage), {**known, **values}))
    if emptied := gone - set(missing_for(Stage(locked.stage), known)):
        words = [str(Project._meta.get_field(name).verbose_name) for name in sorted(emptied)]  # type: ignore[union-attr]
        raise UserFacingError(
            _("“%(stage)s” rests on: %(facts)s. Take the stage back first.")
            % {"stage": locked.get_stage_display(), "facts": _(", ").join(words)}
        )
    named = {name: values.get(name, getattr(locked, name)) for name in ("name", "investor", "area")}
    twin = Project.objects.open().filter(**named).exclude(pk=locked.pk).first()
    if twin is not None:
        raise UserFacingError(
            _("%(investor)s already has this project: %(code)s. Open that one.")
            % {"investor": named["investor"], "code": twin.code}
        )


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _keep_agreed(project: Project, at: datetime) -> None:
    """Write down what the contract is worth from now on; what it was worth before stays."""
    project.agreed.filter(superseded_at=None).update(superseded_at=at)
    if project.agreed_investment_fen:
        AgreedInvestment.objects.create(
            project=project, amount_fen=project.agreed_investment_fen, recorded_at=at
        )


@transaction.atomic
def record_paid_in(
    *, actor: Actor, project: Project, month: date, amount_fen: int, evidence: str, at: datetime
) -> InvestmentProgress:
    """Record what was paid in within one month, with its evidence (voucher, invoice list).

    A second report of the same month supersedes the first, which stays on record: figures of
    an earlier cut-off still see it. Raises UserFacingError for a month in the future, a
    negative amount or missing evidence.
    """
    locked = lock(project)
    if not can_drive(actor, locked):
        raise NotAllowedError(_("Agents and leads of the area may change this."))
    first = month.replace(day=1)
    if first > local_date(at):
        raise UserFacingError(_("This month has not begun: report what has been paid in."))
    if amount_fen < 0 or not evidence.strip():
        raise UserFacingError(_("Name the amount paid in and what shows it."))
    project.paid_in.filter(month=first, superseded_at=None).update(superseded_at=at)
    row = InvestmentProgress.objects.create(
        project=project,
        month=first,
        amount_fen=amount_fen,
        evidence=evidence.strip()[:120],
        recorded_at=at,
        created_by_id=actor.user_id,
    )
    after = {"month": first.isoformat(), "amount_fen": amount_fen}
    audit.record("project.paid_in", actor=actor, target=project, after=after)
    return row
