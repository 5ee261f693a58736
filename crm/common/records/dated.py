"""Catalogue entries: an identity and versions that follow one another without overlap."""

from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.common.errors import UserFacingError
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
