"""Two people saving one record: the later one is told, nothing is overwritten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.common.errors import ConflictError

M = TypeVar("M", bound=models.Model)


@transaction.atomic
def update_versioned(
    obj: M, *, values: Mapping[str, Any], expected: int, at: datetime
) -> dict[str, tuple[Any, Any]]:
    """Store `values` if the record still has the version the form was opened on.

    Returns {field: (before, after)} of what changed. Raises ConflictError with both values of
    every field that differs; then nothing is stored.
    """
    stored = type(obj)._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
    changed = _differing(stored, values)
    refuse_stale(stored, values=values, expected=expected)
    for name, value in values.items():
        setattr(obj, name, value)
    obj.version = expected + 1  # type: ignore[attr-defined]
    fields = [*values, "version"]
    if hasattr(obj, "updated_at"):
        obj.updated_at = at
        fields.append("updated_at")
    obj.save(update_fields=fields)
    return changed


def refuse_stale(locked: models.Model, *, values: Mapping[str, Any], expected: int) -> None:
    """Raise ConflictError when a locked record is no longer the one the form was opened on.

    Asked before anything else is judged: what was entered rests on what was read then.
    """
    if locked.version == expected:  # type: ignore[attr-defined]
        return
    field = locked._meta.get_field
    changed = _differing(locked, values)
    labels = {str(field(n).verbose_name): pair for n, pair in changed.items()}  # type: ignore[union-attr]
    raise ConflictError(
        _("Somebody else has saved this record since you opened it. Choose what stays."), labels
    )


def _differing(stored: models.Model, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (getattr(stored, name), value)
        for name, value in values.items()
        if getattr(stored, name) != value
    }
