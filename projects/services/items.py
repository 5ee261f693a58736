"""The one list."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.versioning import update_versioned
from projects.enums import ItemSource, ItemStatus
from projects.models import ListItem, Project
from projects.permissions import can_edit_list, can_finish_item


@dataclass(frozen=True, slots=True)
class ItemInput:
    """One row: what, by which unit, by when."""

    what: str
    department_id: int
    due_on: date
    person_id: int | None = None
    deliverable: str = ""
    source: str = ItemSource.MANUAL


@transaction.atomic
def add_list_items(
    *, actor: Actor, project: Project, items: Iterable[ItemInput], at: datetime
) -> list[ListItem]:
    """Add rows to a project's one list; all or none."""
    if not can_edit_list(actor, project):
        raise NotAllowedError(_("Agents of the area and administrators may change the list."))
    rows = [
        ListItem(project=project, created_at=at, updated_at=at, **asdict(item)) for item in items
    ]
    if any(not row.what.strip() for row in rows):
        raise UserFacingError(_("Every row of the list says what is to be done."))
    made = ListItem.objects.bulk_create(rows)
    audit.record("project.list.add", actor=actor, target=project, after={"rows": len(made)})
    return made


@transaction.atomic
def finish_item(*, actor: Actor, item: ListItem, version: int, at: datetime) -> ListItem:
    """Strike off one row; raises ConflictError when it changed in between."""
    if not can_finish_item(actor, item):
        raise NotAllowedError(_("The responsible unit and the project's agents may finish this."))
    if item.status != ItemStatus.OPEN:
        raise UserFacingError(_("This row is finished already."))
    values = {"status": ItemStatus.DONE, "done_at": at}
    update_versioned(item, values=values, expected=version, at=at)
    audit.record("project.list.done", actor=actor, target=item)
    return item
