"""What the register learnt of the demo city's firms over 24 months: gone, moved, renamed, merged."""

from collections.abc import Iterator
from datetime import date

from cms.demo.world import World
from crm.enums import RegistrationStatus
from crm.models import Enterprise
from crm.services import merge_enterprises, rename_enterprise, update_enterprise

S = RegistrationStatus
# When, what happened.
GONE = (
    (date(2023, 1, 12), S.CANCELLED),
    (date(2023, 4, 18), S.MOVED_OUT),
    (date(2023, 6, 27), S.CANCELLED),
    (date(2023, 9, 14), S.REVOKED),
    (date(2023, 12, 20), S.CANCELLED),
    (date(2024, 2, 28), S.MOVED_OUT),
    (date(2024, 4, 23), S.SUSPENDED),
    (date(2024, 5, 16), S.CANCELLED),
    (date(2024, 7, 9), S.CANCELLED),
    (date(2024, 8, 6), S.MOVED_OUT),
)
MOVED = (date(2023, 5, 23), date(2023, 11, 8), date(2024, 3, 19), date(2024, 7, 25))
RENAMED = (date(2023, 3, 7), date(2023, 10, 25), date(2024, 6, 13))
MERGED = (date(2023, 8, 15), date(2024, 6, 4))
KNOWN_BY = "个体户转为公司，新旧两个代码是同一主体，已核对营业执照。"


def seed(world: World) -> None:
    """Let time pass over firms that have neither a project nor a story of their own."""
    lead = world.actor(world.users["lead"])
    quiet = _quiet(world)
    for day, status in GONE:
        firm = next(quiet)
        update_enterprise(
            actor=lead,
            enterprise=firm,
            values={"status": status},
            version=firm.version,
            at=world.moment(day, 15),
        )
    parks = [area for code, area in sorted(world.areas.items()) if code.startswith("TM-")]
    for number, day in enumerate(MOVED):
        firm = next(quiet)
        park = next(area for area in parks[number:] if area.pk != firm.area_id)
        update_enterprise(
            actor=lead,
            enterprise=firm,
            values={"area": park},
            version=firm.version,
            at=world.moment(day, 10),
        )
    for day in RENAMED:
        firm = next(quiet)
        rename_enterprise(
            actor=lead,
            enterprise=firm,
            name=firm.name.replace("有限公司", "科技有限公司"),
            version=firm.version,
            at=world.moment(day, 11),
        )
    for day in MERGED:
        merge_enterprises(
            actor=lead,
            enterprise=next(quiet),
            duplicate=next(quiet),
            reason=KNOWN_BY,
            at=world.moment(day, 16),
        )


def _quiet(world: World) -> Iterator[Enterprise]:
    """Yield small firms of the old register, fresh from the database, none twice."""
    busy = {row.pk for row in world.investors}
    for row in reversed(world.enterprises):
        old = row.established_on is not None and row.established_on < date(2022, 1, 1)
        if old and row.pk not in busy and "科技" not in row.name:
            yield Enterprise.objects.get(pk=row.pk)
