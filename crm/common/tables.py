"""The inbox as a list: search, kinds, unread first by a preset, read by the dozen."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common import services
from crm.common.face import formatting
from crm.common.face.lists import (
    BulkAction,
    Column,
    ListFilter,
    ListSpec,
    Phone,
    Preset,
    cells,
    register,
)
from crm.common.outbox.messages import kind_of, kinds
from crm.common.outbox.models import Recipient
from crm.common.people.actor import Actor

SHOWN_WORDS = 120


class InboxFilter(ListFilter):
    """Messages by words, kind, and whether they have been read."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    show = django_filters.ChoiceFilter(
        method="only", choices=[("unread", _("Unread"))], label=_("Read"), empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        field_name="message__kind",
        choices=lambda: [(kind.key, kind.label) for kind in kinds()],
        label=_("Kind"),
        empty_label=_("All"),
    )

    class Meta:
        model = Recipient
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Find by part of the subject or of the text."""
        return rows.filter(Q(message__subject__icontains=value) | Q(message__body__icontains=value))

    def only(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep what nobody has opened yet."""
        return rows.filter(read_at=None)


def _inbox(actor: Actor) -> QuerySet[Recipient]:
    return Recipient.objects.visible_to(actor)


def _subject(row: Recipient) -> SafeString:
    url = cells.safe(reverse("inbox_open", args=[row.pk]))
    weight, mark = ("fw-6", _unread()) if row.read_at is None else ("fw-normal", "")
    return cells.markup(
        f'<a class="text-reset {weight}" href="{url}">{cells.safe(row.message.subject)}</a>{mark}',
        f'<span class="d-block meta">{cells.safe(_beginning(row.message.body))}</span>',
    )


def _beginning(text: str) -> str:
    return Truncator(text).chars(SHOWN_WORDS)


def _unread() -> SafeString:
    return cells.badge(pgettext_lazy("message", "unread"), "blue")


def _kind(row: Recipient) -> str:
    kind = kind_of(row.message.kind)
    return str(kind.label) if kind else ""


def _read(actor: Actor, row: Recipient, _values: dict[str, Any], at: datetime) -> None:
    services.mark_read(actor=actor, messages=[row.pk], at=at)


INBOX = register(
    ListSpec(
        key="common.inbox",
        title=_("Messages"),
        template="common/inbox_list.html",
        rows=_inbox,
        filterset=InboxFilter,
        default_sort="-sent",
        columns=(
            Column(
                "subject",
                _("Message"),
                lambda row: row.message.subject,
                cell=_subject,
                optional=False,
                phone=Phone.MAIN,
            ),
            Column("kind", _("Kind"), _kind, cell_css="nowrap ink-2"),
            Column(
                "sent",
                pgettext_lazy("message", "Sent"),
                lambda row: row.message.created_at,
                cell=lambda row: formatting.moment(row.message.created_at),
                sort=("message__created_at",),
                cell_css="nowrap",
            ),
        ),
        for_page=lambda rows: rows.select_related("message"),
        presets=lambda actor: [
            Preset(_("All"), ""),
            Preset(_("Unread"), "show=unread", _inbox(actor).filter(read_at=None).count()),
        ],
        bulk=(
            BulkAction(
                "read",
                _("Mark as read"),
                "checks",
                allowed=lambda actor: actor.user_id is not None,
                work=_read,
            ),
        ),
    )
)
