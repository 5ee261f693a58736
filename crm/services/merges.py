"""Bring two records of one enterprise together, and take them apart again."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.searching import search_columns
from crm.enums import RegistrationStatus
from crm.models import Contact, Enterprise, EnterpriseMerge, FormerName
from crm.permissions import can_merge_enterprises
from crm.selectors import duplicates_of, keys_to_enterprises
from crm.services.register import enter_changes


@transaction.atomic
def merge_enterprises(
    *, actor: Actor, enterprise: Enterprise, duplicate: Enterprise, reason: str, at: datetime
) -> EnterpriseMerge:
    """Move every row that points at the duplicate to the enterprise that stays.

    Facts stay where they were recorded and are read through the merge from its day on.
    A row that may exist only once per enterprise, and exists at both, stays where it is. The
    duplicate is hidden; its name and code still find the enterprise.
    Raises UserFacingError for one record given twice, one merged already, or no reason.
    """
    kept, gone = _locked(enterprise, duplicate)
    if not (can_merge_enterprises(actor, kept) and can_merge_enterprises(actor, gone)):
        raise NotAllowedError(_("Leads of both areas may merge enterprises."))
    if not reason.strip():
        raise UserFacingError(_("Say how you know that both records are one enterprise."))
    merge = EnterpriseMerge(
        enterprise=kept,
        duplicate=gone,
        reason=reason.strip(),
        status_before=gone.status,
        created_by_id=actor.user_id,
        created_at=at,
        demoted_contact_id=_demote(kept, gone),
    )
    merge.moved = {
        name: rows for name, model, key in _named_keys() if (rows := _move(model, key, gone, kept))
    }
    merge.former_name_id = _keep_name(kept, gone, at)
    merge.save(force_insert=True)
    gone.merged_into = kept
    gone.duplicates.update(merged_into=kept)
    _store(gone, status=RegistrationStatus.MERGED, at=at)
    _store(kept, status=kept.status, at=at)
    enter_changes(actor=actor, enterprise=gone, names=["status"], at=at)
    after = {"duplicate": gone.pk, "rows": {name: len(rows) for name, rows in merge.moved.items()}}
    audit.record("enterprise.merge", actor=actor, target=kept, after=after, note=merge.reason)
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, merge: EnterpriseMerge, at: datetime) -> EnterpriseMerge:
    """Give the duplicate back what the merge took from it; what came later stays.

    Raises UserFacingError when it is undone already or a later merge builds on it.
    """
    merge = EnterpriseMerge.objects.select_for_update().get(pk=merge.pk)
    kept, gone = merge.enterprise, merge.duplicate
    if not (can_merge_enterprises(actor, kept) and can_merge_enterprises(actor, gone)):
        raise NotAllowedError(_("Leads of both areas may merge enterprises."))
    if merge.undone_at:
        raise UserFacingError(_("This merge is undone already."))
    later = EnterpriseMerge.objects.filter(undone_at=None, pk__gt=merge.pk)
    if later.filter(models.Q(duplicate=kept) | models.Q(enterprise=kept)).exists():
        raise UserFacingError(_("A later merge builds on this one: undo that one first."))
    if merge.former_name_id:
        FormerName.objects.filter(pk=merge.former_name_id, enterprise=kept).delete()
    for name, model, key in _named_keys():
        _move(model, key, kept, gone, merge.moved.get(name, []))
    if merge.demoted_contact_id and not gone.contacts.filter(is_primary=True).exists():
        gone.contacts.filter(pk=merge.demoted_contact_id).update(is_primary=True)
    merge.undone_at, merge.undone_by_id = at, actor.user_id
    merge.save(update_fields=["undone_at", "undone_by"])
    gone.merged_into = None
    Enterprise.objects.filter(pk__in=duplicates_of(gone)).update(merged_into=gone)
    _store(gone, status=merge.status_before, at=at)
    _store(kept, status=kept.status, at=at)
    enter_changes(actor=actor, enterprise=gone, names=["status"], at=at)
    audit.record("enterprise.unmerge", actor=actor, target=kept, after={"duplicate": gone.pk})
    return merge


def _locked(enterprise: Enterprise, duplicate: Enterprise) -> tuple[Enterprise, Enterprise]:
    if enterprise.pk == duplicate.pk:
        raise UserFacingError(_("Choose another enterprise: this is the one you started from."))
    rows = Enterprise.objects.select_for_update(of=("self",)).order_by("pk")
    found = rows.in_bulk([enterprise.pk, duplicate.pk])
    for row in found.values():
        if row.status == RegistrationStatus.MERGED:
            raise UserFacingError(_("%(name)s has been merged already.") % {"name": row.name})
    return found[enterprise.pk], found[duplicate.pk]


def _named_keys() -> Iterator[tuple[str, type[models.Model], str]]:
    for label, key in keys_to_enterprises():
        yield f"{label}.{key}", apps.get_model(label), key


def _move(
    model: type[models.Model],
    key: str,
    source: Enterprise,
    target: Enterprise,
    only: list[Any] | None = None,
) -> list[Any]:
    """Move rows one statement at a time, or row by row where some may exist only once."""
    rows = model._base_manager.filter(**{key: source})
    if only is not None:
        rows = rows.filter(pk__in=only)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        return []
    if _try_move(rows, key, target):
        return [_plain(pk) for pk in keys]
    moved = [pk for pk in keys if _try_move(model._base_manager.filter(pk=pk), key, target)]
    return [_plain(pk) for pk in moved]


def _try_move(rows: Any, key: str, target: Enterprise) -> bool:
    try:
        with transaction.atomic():
            rows.update(**{key: target})
    except IntegrityError:
        return False
    return True


def _plain(pk: Any) -> Any:
    return pk if isinstance(pk, int) else str(pk)


def _demote(kept: Enterprise, gone: Enterprise) -> int | None:
    """Let the duplicate's first contact step back where the other record has one."""
    if not kept.contacts.filter(is_primary=True).exists():
        return None
    first = Contact.objects.filter(enterprise=gone, is_primary=True).first()
    if first is None:
        return None
    Contact.objects.filter(pk=first.pk).update(is_primary=False)
    return first.pk


def _keep_name(kept: Enterprise, gone: Enterprise, at: datetime) -> int | None:
    if kept.name == gone.name:
        return None
    row, new = FormerName.objects.get_or_create(
        enterprise=kept, name=gone.name, defaults={"until": at.date()}
    )
    return row.pk if new else None


def _store(enterprise: Enterprise, *, status: str, at: datetime) -> None:
    """Store the status and make the record findable by all its names and codes."""
    former = enterprise.former_names.order_by("pk").values_list("name", flat=True)
    codes = EnterpriseMerge.objects.filter(enterprise=enterprise, undone_at=None)
    more = [*former, *codes.order_by("pk").values_list("duplicate__uscc", flat=True)]
    for name, value in search_columns(enterprise.name, enterprise.uscc, *more).items():
        setattr(enterprise, name, value)
    enterprise.status, enterprise.updated_at = status, at
    enterprise.version += 1
    enterprise.save()
