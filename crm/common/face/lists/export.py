"""The XLSX of a list: at once when it is short, by a job with progress when it is long."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.days import clock
from crm.common.errors import NotAllowedError
from crm.common.face.lists.listing import Asked, Listing
from crm.common.face.lists.spec import EXPORT_AT_ONCE, RESERVED, rows_of, spec_of
from crm.common.face.xlsx import write_xlsx, xlsx_response
from crm.common.outbox import jobs
from crm.common.people.actor import Actor
from crm.common.people.identity import actor_for
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.files import TABLES, passing, store_file

JOB = "common.export_list"
PURPOSE = passing("list.export")
CHUNK = 500


def export(listing: Listing) -> HttpResponse:
    """Answer with the XLSX of all filtered rows, or with the page of the job that makes it."""
    if listing.actor.user_id is None:
        raise NotAllowedError(_("Sign in to export a list."))
    if listing.total > EXPORT_AT_ONCE and listing.spec.rows is not None:
        job = jobs.start_job(
            JOB,
            actor=listing.actor,
            at=clock.machine_now(),
            always_tell=True,
            params={
                "key": listing.spec.key,
                "query": listing.request.GET.urlencode(),
                "path": listing.request.path,
                "user": listing.actor.user_id,
                "language": translation.get_language(),
            },
        )
        return redirect("job_progress", job.pk)
    _write_down(listing, listing.total)
    return sheet(listing, _prepared(listing))


def export_rows(listing: Listing, rows: list[Any]) -> HttpResponse:
    """Answer with the XLSX of the rows picked; the bulk action every list may offer."""
    _write_down(listing, len(rows))
    return sheet(listing, rows)


def sheet(listing: Listing, rows: Iterable[Any]) -> HttpResponse:
    """Return rows as one sheet with the columns on the screen."""
    return xlsx_response(str(listing.spec.title), _heads(listing), _values(listing, rows))


def _heads(listing: Listing) -> list[str]:
    return [str(column.label) for column in listing.columns]


def _values(listing: Listing, rows: Iterable[Any]) -> Iterator[list[Any]]:
    columns = listing.columns
    return ([column.value(row) for column in columns] for row in rows)


def _prepared(listing: Listing) -> Iterator[Any]:
    rows: QuerySet[Any] = listing.filtered
    if listing.spec.for_page:
        rows = listing.spec.for_page(rows)
    return rows.iterator(chunk_size=CHUNK)


def _write_down(listing: Listing, count: int) -> None:
    """Audit an export without the values that were sought."""
    used = sorted(set(listing.request.GET) - RESERVED)
    audit.record(
        "list.exported",
        actor=listing.actor,
        target=User.objects.get(pk=listing.actor.user_id or 0),
        after={"list": listing.spec.key, "rows": count, "filters": ",".join(used)},
    )


@jobs.job(JOB, title=gettext_lazy("Export of a list"))
def export_job(
    handle: jobs.JobHandle, *, key: str, query: str, path: str, user: int, language: str
) -> dict[str, Any]:
    """Write the sheet of a list as its starter sees it now, and keep it for them alone."""
    actor: Actor = actor_for(User.objects.get(pk=user))
    with translation.override(language):
        spec = spec_of(key)
        listing = Listing(Asked(QueryDict(query), path, actor), spec, rows_of(spec, actor))
        stream, total = BytesIO(), listing.total
        rows = _told(handle, _prepared(listing), total)
        count = write_xlsx(stream, str(spec.title), _heads(listing), _values(listing, rows))
        content = stream.getvalue()
        with handle.writing():
            # The file has no record: it is its creator's alone.
            row = store_file(
                actor=actor,
                upload=SimpleUploadedFile(f"{spec.title}.xlsx", content),
                purpose=PURPOSE,
                at=clock.now(),
                allowed=TABLES,
                max_bytes=len(content),
            )
            _write_down(listing, count)
        handle.finish_at(reverse("file_download", args=[row.pk]))
    return {"rows": count, "file": str(row.pk)}


def _told(handle: jobs.JobHandle, rows: Iterator[Any], total: int) -> Iterator[Any]:
    for number, row in enumerate(rows, 1):
        if number % CHUNK == 0:
            words = _("%(done)s of %(total)s rows") % {"done": number, "total": total}
            handle.progress(99 * number // max(total, number), words)
        yield row
