"""Catalogue entries: an identity and versions that follow one another without overlap."""

from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import DatedVersion

V = TypeVar("V", bound=DatedVersion)


class VersionRefused(UserFacingError):
    """The version would rewrite days on which another one was in force."""


@transaction.atomic
def add_version(
    model: type[V], *, of: str, entry: models.Model, effective_from: date, **values: Any
) -> V:
    """Put a new version of an entry into force from a day; the one before ends the day before.

    `of` names the key to the entry. Raises VersionRefused when a version begins on that day or
    later: what was in force stays as it was. The entry's row is locked meanwhile.
    """
    type(entry)._base_manager.select_for_update(of=("self",)).get(pk=entry.pk)
    versions = model._base_manager.filter(**{of: entry}).order_by("-effective_from")
    last = versions.first()
    if last is not None and last.effective_from >= effective_from:
        raise VersionRefused(
            _("A version in force from %(day)s exists already: choose a later day.")
            % {"day": last.effective_from.isoformat()}
        )
    if last is not None and (last.effective_to is None or last.effective_to >= effective_from):
        model._base_manager.filter(pk=last.pk).update(
            effective_to=effective_from - timedelta(days=1)
        )
    made: V = model._base_manager.create(**{of: entry, "effective_from": effective_from, **values})
    return made


def add_changed_version(
    model: type[V],
    *,
    of: str,
    entry: models.Model,
    first_day: date,
    effective_from: date,
    **values: Any,
) -> V | None:
    """Put a version into force unless the last one says the same; return None if it does.

    The first version of an entry begins on `first_day` (or earlier, if that is asked for), a
    changed one on `effective_from`.
    """
    last = model._base_manager.filter(**{of: entry}).order_by("-effective_from").first()
    if last is not None and all(getattr(last, name) == value for name, value in values.items()):
        return None
    begins = effective_from if last is not None else min(first_day, effective_from)
    return add_version(model, of=of, entry=entry, effective_from=begins, **values)


@transaction.atomic
def revise(
    model: type[V],
    *,
    actor: Actor,
    of: str,
    entry: models.Model,
    effective_from: date,
    values: dict[str, Any],
    at: datetime,
) -> V:
    """Change an entry from a coming day on; what is left out stays as the last version has it.

    What was in force until today keeps its meaning, so a change begins tomorrow or later: raises
    VersionRefused for an earlier day. Who may is judged by the room whose catalogue it is.
    """
    _coming(effective_from, at)
    last = model._base_manager.filter(**{of: entry}).order_by("-effective_from").first()
    if last is None:
        raise VersionRefused(_("The entry has no version to be changed."))
    own = ("id", of, "effective_from", "effective_to")
    columns = [field.name for field in model._meta.concrete_fields if field.name not in own]
    before = {name: getattr(last, name) for name in columns}
    made = add_version(
        model, of=of, entry=entry, effective_from=effective_from, **{**before, **values}
    )
    for field in model._meta.many_to_many:
        getattr(made, field.name).set(getattr(last, field.name).all())
    audit.record(
        f"{entry._meta.model_name}.revise",
        actor=actor,
        target=entry,
        before={name: str(before[name]) for name in values},
        after={name: str(value) for name, value in values.items()} | {"from": str(effective_from)},
    )
    return made


@transaction.atomic
def end_entry(
    model: type[V],
    *,
    actor: Actor,
    of: str,
    entry: models.Model,
    last_day: date,
    at: datetime,
) -> V:
    """Let an entry be in force until a day, today or later; what runs under it runs on.

    Raises VersionRefused for a day that is over, or when another version begins after it.
    """
    type(entry)._base_manager.select_for_update(of=("self",)).get(pk=entry.pk)
    last = model._base_manager.filter(**{of: entry}).order_by("-effective_from").first()
    if last is None or last_day < local_date(at):
        raise VersionRefused(_("An entry ends today or later: what is past stays as it was."))
    if last.effective_from > last_day:
        raise VersionRefused(
            _("A version in force from %(day)s exists already: choose a later day.")
            % {"day": last.effective_from.isoformat()}
        )
    last.effective_to = last_day
    last.save(update_fields=["effective_to"])
    after = {"until": str(last_day)}
    audit.record(f"{entry._meta.model_name}.end", actor=actor, target=entry, after=after)
    return last


def _coming(day: date, at: datetime) -> None:
    if day <= local_date(at):
        raise VersionRefused(
            _("%(day)s is past or today: a change of the catalogue begins tomorrow or later.")
            % {"day": day.isoformat()}
        )
