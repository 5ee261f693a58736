"""一张清单: its rows, added, finished with what was delivered, dropped, reopened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.bulk_moves import Step, apply_many
from crm.common.records.files import store_file
from crm.common.records.transitions import MoveRefused, history, lock
from crm.common.records.versioning import update_versioned
from projects.enums import ItemSource, ItemStatus
from projects.models import ListItem, Project
from projects.permissions import can_edit_list, can_hand_over
from projects.services.lights import refresh_light
from projects.services.moves import check_just_made
from projects.states import ITEM_MACHINE

EVIDENCE = "list_item.evidence"


@dataclass(frozen=True, slots=True)
class ItemInput:
    """One row: what, by which unit, by when; `after` are the places of rows to be done first.

    `origin` is the record the row came from: a resolution, an issue, an approval.
    """

    what: str
    department_id: int
    due_on: date
    person_id: int | None = None
    deliverable: str = ""
    source: str = ItemSource.MANUAL
    origin: models.Model | None = None
    after: tuple[int, ...] = ()


@transaction.atomic
def add_list_items(
    *, actor: Actor, project: Project, items: Iterable[ItemInput], at: datetime
) -> list[ListItem]:
    """Add rows at the end of a project's one list; all or none.

    `after` counts within the rows given, from 0. Raises UserFacingError for a row that says
    nothing or is to wait for itself or a later one.
    """
    if not can_edit_list(actor, lock(project)):
        raise NotAllowedError(_("Agents and leads of the area may change the list."))
    given = list(items)
    if any(not row.what.strip() for row in given):
        raise UserFacingError(_("Every row of the list says what is to be done."))
    if any(place not in range(number) for number, row in enumerate(given) for place in row.after):
        raise UserFacingError(_("A row can only wait for rows before it."))
    first = (project.items.aggregate(last=Max("order"))["last"] or 0) + 1
    rows = [_row(project, row, first + number, actor, at) for number, row in enumerate(given)]
    made = ListItem.objects.bulk_create(rows)
    waits = ListItem.predecessors.through
    waits.objects.bulk_create(
        waits(from_listitem=item, to_listitem=made[place])
        for row, item in zip(given, made, strict=True)
        for place in sorted(set(row.after))
    )
    ITEM_MACHINE.begin_many(made, actor=actor, at=at)
    refresh_light(project=project, today=local_date(at))
    audit.record("project.list.add", actor=actor, target=project, after={"rows": len(made)})
    return made


def _row(project: Project, row: ItemInput, order: int, actor: Actor, at: datetime) -> ListItem:
    item = ListItem(
        project=project,
        order=order,
        what=row.what.strip(),
        deliverable=row.deliverable,
        department_id=row.department_id,
        person_id=row.person_id,
        due_on=row.due_on,
        source=row.source,
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
    )
    if row.origin is not None:
        item.origin = row.origin
    return item


@ITEM_MACHINE.makes("finish")
@transaction.atomic
def finish_item(
    *,
    actor: Actor,
    item: ListItem,
    at: datetime,
    version: int | None = None,
    note: str,
    evidence: Iterable[UploadedFile] = (),
) -> ListItem:
    """Strike off one row, saying what was delivered.

    Raises StaleMove when it changed in between, MoveRefused while a row before it is open.
    """
    files = [
        store_file(actor=actor, upload=upload, purpose=EVIDENCE, target=item, at=at)
        for upload in evidence
    ]
    if not note.strip():
        raise UserFacingError(_("Say what was delivered."))
    ITEM_MACHINE.apply(
        item,
        "finish",
        actor=actor,
        at=at,
        version=version,
        reason=note.strip(),
        evidence=files,
        changes={"done_at": at},
    )
    return _after(item, actor, "done", at)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A row of a list that is done: what was delivered, and when."""

    item: ListItem
    note: str
    at: datetime


@transaction.atomic
def finish_items(*, actor: Actor, delivered: Iterable[Delivered]) -> int:
    """Strike off many rows of any lists, as from a table kept on paper; all or none.

    Each is judged as by `finish_item`: rows that others wait for may stand anywhere in the
    table. Raises MoveRefused naming what a row still waits for. Returns how many were done.
    """
    left = {one.item.pk: one for one in delivered}
    if any(not one.note.strip() for one in left.values()):
        raise UserFacingError(_("Say what was delivered."))
    total = len(left)
    waits = dict[int, set[int]]()
    for row, before in ListItem.predecessors.through.objects.filter(
        from_listitem__in=list(left)
    ).values_list("from_listitem_id", "to_listitem_id"):
        waits.setdefault(row, set()).add(before)
    while left:
        ready = [key for key in left if not waits.get(key, set()) & set(left)] or list(left)
        wave = [left.pop(key) for key in ready]
        apply_many(
            ITEM_MACHINE,
            "finish",
            actor=actor,
            steps=[Step(one.item, one.at, one.note.strip(), {"done_at": one.at}) for one in wave],
            related=["project"],
            prefetched=["predecessors"],
        )
        items = [one.item for one in wave]
        for one in wave:
            refresh_light(project=one.item.project, today=local_date(one.at))
        audit.record_many("project.list.done", actor=actor, targets=items)
    return total


@ITEM_MACHINE.makes("drop")
@transaction.atomic
def drop_item(
    *, actor: Actor, item: ListItem, at: datetime, version: int | None = None, reason: str
) -> ListItem:
    """Take a row off the list without its being done, with the reason."""
    ITEM_MACHINE.apply(item, "drop", actor=actor, at=at, version=version, reason=reason)
    return _after(item, actor, "dropped", at)


@ITEM_MACHINE.makes("reopen")
@transaction.atomic
def reopen_item(
    *, actor: Actor, item: ListItem, at: datetime, version: int | None = None, reason: str
) -> ListItem:
    """Put a row back on the list; that it was done once stays in its history."""
    values: dict[str, Any] = {"done_at": None}
    ITEM_MACHINE.apply(
        item, "reopen", actor=actor, at=at, version=version, reason=reason, changes=values
    )
    return _after(item, actor, "reopened", at)


@ITEM_MACHINE.makes("undo")
@transaction.atomic
def undo_item(
    *, actor: Actor, item: ListItem, at: datetime, version: int | None = None
) -> ListItem:
    """Take back the striking off that the actor has just made; both stay in the log."""
    last = history(item).order_by("-at", "-pk").first()
    if last is None:
        raise MoveRefused(_("There is nothing to undo."))
    check_just_made(last, actor=actor, at=at)
    ITEM_MACHINE.apply(
        item,
        "undo",
        actor=actor,
        at=at,
        version=version,
        reason=str(_("Undone right away.")),
        changes={"done_at": None},
    )
    return _after(item, actor, "undone", at)


@transaction.atomic
def update_item(
    *, actor: Actor, item: ListItem, values: Mapping[str, Any], version: int, at: datetime
) -> ListItem:
    """Change what an open row says, who answers for it and when it is due.

    Raises ConflictError when somebody saved in between, MoveRefused for a row that is closed,
    NotAllowedError for strangers.
    """
    locked = lock(item)
    if not can_edit_list(actor, locked.project):
        raise NotAllowedError(_("Agents and leads of the area may change the list."))
    if not locked.is_open:
        raise MoveRefused(_("This row is closed: reopen it first, then change it."))
    if not str(values.get("what", locked.what)).strip():
        raise UserFacingError(_("Every row of the list says what is to be done."))
    changed = update_versioned(item, values=values, expected=version, at=at)
    refresh_light(project=item.project, today=local_date(at))
    audit.record(
        "project.list.update",
        actor=actor,
        target=item,
        before={name: _plain(pair[0]) for name, pair in changed.items()},
        after={name: _plain(pair[1]) for name, pair in changed.items()},
    )
    return item


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


@transaction.atomic
def place_item(
    *, actor: Actor, item: ListItem, beside: ListItem, before: bool, at: datetime
) -> None:
    """Put a row right before or after another of the same list; the order is the list's own.

    Raises UserFacingError for a row of another project, NotAllowedError for strangers.
    """
    project = lock(item.project)
    if not can_edit_list(actor, project):
        raise NotAllowedError(_("Agents and leads of the area may change the list."))
    rows = [row for row in project.items.order_by("order", "due_on", "pk") if row.pk != item.pk]
    places = [row.pk for row in rows]
    if beside.pk not in places:
        raise UserFacingError(_("The two rows are not on the same list."))
    rows.insert(places.index(beside.pk) + (0 if before else 1), item)
    moved = []
    for number, row in enumerate(rows, start=1):
        if row.order != number:
            row.order = number
            moved.append(row)
    ListItem.objects.bulk_update(moved, ["order"], batch_size=200)
    after = {"beside": beside.pk, "before": before}
    audit.record("project.list.order", actor=actor, target=item, after=after)


def _after(item: ListItem, actor: Actor, verb: str, at: datetime) -> ListItem:
    refresh_light(project=item.project, today=local_date(at))
    audit.record(f"project.list.{verb}", actor=actor, target=item)
    return item


@transaction.atomic
def hand_over_items(*, actor: Actor, leaving: User, taking: User, at: datetime) -> int:
    """Give a person's open rows of all lists to another; return how many.

    Raises NotAllowedError for everybody but who keeps the accounts.
    """
    if not can_hand_over(actor):
        raise NotAllowedError(_("Administrators hand over the work of who leaves."))
    rows = ListItem.objects.filter(person=leaving, status=ItemStatus.OPEN)
    moved = list(rows.select_for_update().values_list("pk", flat=True))
    ListItem.objects.filter(pk__in=moved).update(
        person=taking, updated_at=at, version=F("version") + 1
    )
    after = {"to": taking.pk, "items": moved}
    audit.record("project.list.hand_over", actor=actor, target=leaving, after=after)
    return len(moved)
