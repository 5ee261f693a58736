"""Files are served to those who may see what they belong to."""

import uuid

from django.http import FileResponse

from crm.common.http import Request
from crm.common.people.doors import open_to_signed_in
from crm.common.records import audit
from crm.common.records.files import get_visible_file

# Shown in the page; everything else is downloaded, so that no upload runs as a page of ours.
INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "audio/webm", "audio/ogg"})


@open_to_signed_in
def file_download(request: Request, file_id: uuid.UUID) -> FileResponse:
    """Send one file; a file of a foreign record is a 404."""
    row = get_visible_file(request.actor, file_id)
    inline = row.media_type in INLINE
    if not inline:
        audit.record("file.download", actor=request.actor, target=row)
    response = FileResponse(
        row.file.open("rb"),
        as_attachment=not inline,
        filename=row.name,
        content_type=row.media_type,
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
