"""The table of moves of the profile room: an import."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from crm.common.records.transitions import Machine, Missing, Tone, aside
from profiles import permissions
from profiles.enums import BatchStatus
from profiles.models import ImportBatch, Observation


def _corrected_since(batch: ImportBatch) -> Iterable[Missing]:
    """Name the newer import that still stands on values of this one."""
    newer = (
        ImportBatch.objects.filter(
            status=BatchStatus.IMPORTED,
            pk__in=Observation.objects.filter(supersedes__batch=batch).values("batch"),
        )
        .exclude(pk=batch.pk)
        .order_by("-imported_at", "-pk")
    )
    return [
        Missing(f"batch_{row.pk}", _("that “%(name)s” is taken back first") % {"name": row.name})
        for row in newer[:1]
    ]


BATCH_MACHINE = Machine(
    "profiles.import_batch",
    initial=BatchStatus.IMPORTED,
    labels=dict(BatchStatus.choices),
    moves=[
        aside(
            "roll_back",
            frozenset({BatchStatus.IMPORTED}),
            BatchStatus.ROLLED_BACK,
            pgettext_lazy("import move", "Take it back"),
            permissions.can_roll_back,
            icon="arrow-back-up",
            requires=_corrected_since,
            tone=Tone.DANGER,
            done=pgettext_lazy("import move", "Taken back: its values no longer count."),
        ),
    ],
)
