"""The list of imports: what each brought, and whether it still counts."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from crm.common.face.lists import Column, ListSpec, Phone, Preset, cells, register
from profiles.enums import BatchStatus
from profiles.filters import BatchFilter
from profiles.models import ImportBatch
from profiles.selectors import batches

# What the columns draw; anything else would cost a query a row, which the counts of queries catch.
DRAWN = (
    *("name", "rows", "created", "corrected", "unchanged", "status", "imported_at"),
    *("department__short_name", "imported_by__display_name"),
)


def _file(batch: ImportBatch) -> SafeString:
    url = cells.address("staff:profiles:import_detail", batch.pk)
    return cells.link(url, batch.name)


def _who(batch: ImportBatch) -> str:
    return batch.imported_by.display_name if batch.imported_by else ""


def _state(batch: ImportBatch) -> SafeString:
    tone = "ok" if batch.status == BatchStatus.IMPORTED else "no"
    return cells.lamp(tone, cells.choice(BatchStatus, batch.status))


IMPORTS = register(
    ListSpec(
        key="profiles.imports",
        title=_("Data imports"),
        template="profiles/import_list.html",
        rows=batches,
        filterset=BatchFilter,
        default_sort="-imported",
        columns=(
            Column(
                "file",
                _("File"),
                lambda b: b.name,
                cell=_file,
                sort=("name",),
                optional=False,
                phone=Phone.MAIN,
            ),
            Column("department", _("Department"), lambda b: b.department.short_name),
            Column(
                "rows",
                _("Rows"),
                lambda b: b.rows,
                sort=("rows",),
                numeric=True,
                phone=Phone.HIDDEN,
            ),
            Column(
                "created",
                _("New"),
                lambda b: b.created,
                sort=("created",),
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "corrected",
                _("Corrected"),
                lambda b: b.corrected,
                sort=("corrected",),
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "unchanged",
                _("Unchanged"),
                lambda b: b.unchanged,
                sort=("unchanged",),
                numeric=True,
                shown=False,
                phone=Phone.HIDDEN,
            ),
            Column("who", _("By"), _who, css="as-xl", phone=Phone.HIDDEN, cell_css="nowrap"),
            Column(
                "imported",
                _("Imported at"),
                lambda b: b.imported_at,
                cell=lambda b: cells.iso_day(b.imported_at),
                sort=("imported_at",),
                cell_css="nowrap",
            ),
            Column(
                "state",
                _("State"),
                lambda b: cells.choice(BatchStatus, b.status),
                cell=_state,
                sort=("status",),
                cell_css="nowrap",
            ),
        ),
        for_page=lambda rows: rows.select_related("department", "imported_by").only(*DRAWN),
        presets=lambda actor: [
            Preset(_("All"), ""),
            Preset(_("With rows to review"), "review=1"),
            Preset(_("Taken back"), f"status={BatchStatus.ROLLED_BACK}"),
        ],
    )
)
