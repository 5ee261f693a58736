"""Write the register's dated entries beside the newest columns."""

from collections.abc import Iterable
from datetime import datetime

from crm.common.days.clock import local_date
from crm.common.people.actor import Actor
from crm.enums import RegisterAttribute
from crm.models import Area, Enterprise, Industry, RegisterEntry


def enter_new(*, actor: Actor, enterprises: Iterable[Enterprise], at: datetime) -> None:
    """Write the first entries of new records; they are valid from the establishment."""
    found = list(enterprises)
    areas = _codes(Area, {row.area_id for row in found})
    industries = _codes(Industry, {row.industry_id for row in found if row.industry_id})
    today, entries = local_date(at), []
    for row in found:
        since = min(row.established_on or today, today)
        for name in RegisterAttribute:
            value = _value(row, name, areas, industries)
            if value:
                entries.append(_entry(row, name, value, actor, at))
                entries[-1].valid_from = since
    RegisterEntry.objects.bulk_create(entries, batch_size=2000)


def enter_changes(
    *, actor: Actor, enterprise: Enterprise, names: Iterable[str], at: datetime
) -> None:
    """Write what changed on a record, valid from today; names that are not dated are left."""
    changed = [RegisterAttribute(name) for name in names if name in RegisterAttribute.values]
    if not changed:
        return
    areas = _codes(Area, {enterprise.area_id})
    industries = _codes(Industry, {enterprise.industry_id} - {None})
    RegisterEntry.objects.bulk_create(
        _entry(enterprise, name, _value(enterprise, name, areas, industries), actor, at)
        for name in changed
    )


def _codes(
    model: type[Area] | type[Industry], wanted: set[int] | set[int | None]
) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=wanted).values_list("pk", "code"))


def _value(
    row: Enterprise, name: RegisterAttribute, areas: dict[int, str], industries: dict[int, str]
) -> str:
    if name == RegisterAttribute.AREA:
        return areas[row.area_id]
    if name == RegisterAttribute.INDUSTRY:
        return industries[row.industry_id] if row.industry_id else ""
    if name == RegisterAttribute.ESTABLISHED_ON:
        return row.established_on.isoformat() if row.established_on else ""
    return str(getattr(row, name.value))


def _entry(
    row: Enterprise, name: RegisterAttribute, value: str, actor: Actor, at: datetime
) -> RegisterEntry:
    return RegisterEntry(
        enterprise=row,
        attribute=name,
        value=value,
        valid_from=local_date(at),
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )
