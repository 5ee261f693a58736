"""Writes of the ground floor that people ask for: messages, preferences, saved views, accounts."""

from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from crm.common.days.calendar import load_calendar, read_anew, set_exception
from crm.common.days.clock import local_date
from crm.common.days.enums import DayKind
from crm.common.days.models import WorkdayException
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.face.models import SavedView
from crm.common.outbox import messages
from crm.common.outbox.enums import Channel
from crm.common.outbox.models import Delivery, MessagePreference, Recipient
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import RoleGrant, User
from crm.common.records import audit

MAX_SAVED_VIEWS = 20


@transaction.atomic
def mark_read(*, actor: Actor, messages: list[int] | None, at: datetime) -> int:
    """Mark the actor's messages as read (all of them when `messages` is None)."""
    rows = Recipient.objects.visible_to(actor).unread()
    if messages is not None:
        rows = rows.filter(pk__in=messages)
    return rows.update(read_at=at)


@transaction.atomic
def open_message(
    *, actor: Actor, recipient: Recipient, delivery_id: int | None, at: datetime
) -> None:
    """Mark a message as read, and the delivery whose link was followed as opened."""
    mark_read(actor=actor, messages=[recipient.pk], at=at)
    if delivery_id is not None:
        mine = Delivery.objects.filter(recipient__in=Recipient.objects.visible_to(actor))
        mine.filter(pk=delivery_id, recipient=recipient, opened_at=None).update(opened_at=at)


def mark_acted(*, actor: Actor, target: models.Model, kind: str, at: datetime) -> int:
    """Record that the actor did what messages of a kind about a record asked for."""
    rows = Recipient.objects.visible_to(actor).filter(
        acted_at=None,
        message__kind=kind,
        message__target_type=ContentType.objects.get_for_model(type(target)),
        message__target_id=str(target.pk),
    )
    return rows.update(acted_at=at)


@transaction.atomic
def set_preferences(*, actor: Actor, enabled: set[tuple[str, Channel]]) -> None:
    """Store which kinds of message the actor wants on which channels.

    Kinds that cannot be disabled are left alone; the inbox always receives everything.
    """
    for kind in messages.kinds():
        if not kind.can_be_disabled:
            continue
        for channel in kind.channels:
            MessagePreference.objects.update_or_create(
                user_id=actor.user_id or 0,
                kind=kind.key,
                channel=channel,
                defaults={"enabled": (kind.key, channel) in enabled},
            )


@transaction.atomic
def save_view(*, actor: Actor, page: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep the filters of a list under a name; the same name is replaced.

    A shared one is seen by everybody of the actor's department.

    Raises UserFacingError without a name or beyond twenty views of one page.
    """
    name = " ".join(name.split())[:40]
    if not name:
        raise UserFacingError(_("Give the view a name."))
    mine = SavedView.objects.own(actor).filter(page=page)
    if mine.exclude(name=name).count() >= MAX_SAVED_VIEWS:
        raise UserFacingError(_("Twenty saved views are the most. Delete one first."))
    row, _new = SavedView.objects.update_or_create(
        user_id=actor.user_id or 0,
        page=page,
        name=name,
        defaults={
            "query": query[:1000],
            "shared_with": actor.department_id if shared else None,
        },
    )
    return row


@transaction.atomic
def delete_view(*, actor: Actor, view_id: int) -> None:
    """Forget one of the actor's saved views."""
    SavedView.objects.own(actor).filter(pk=view_id).delete()


@transaction.atomic
def create_user(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    password: str | None,
    roles: list[Role],
    email: str = "",
    phone: str = "",
) -> User:
    """Open an account with its roles; the act is in the audit."""
    user = User(username=username, display_name=display_name, email=email, phone=phone)
    user.set_password(password)
    user.save(force_insert=True)
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    audit.record("user.create", actor=actor, target=user, after={"roles": sorted(roles)})
    return user


@transaction.atomic
def set_shortcuts(*, actor: Actor, on: bool) -> None:
    """Turn the single-letter keys on or off for the actor (WCAG 2.1.4)."""
    User.objects.filter(pk=actor.user_id or 0).update(shortcuts_on=on)


@transaction.atomic
def add_workday_exception(
    *, actor: Actor, day: date, kind: DayKind, reason: str, at: datetime
) -> WorkdayException:
    """Enter a day on which the city works or rests against the national list.

    Due days that were promised stay; the working days left until them are counted anew. Raises
    UserFacingError without a notice, for a day that is past (what was counted stays counted),
    for one that is so already, and for a second exception on one day.
    """
    _keeps_the_calendar(actor)
    if not reason.strip():
        raise UserFacingError(_("Name the notice that orders it."))
    if day < local_date(at):
        raise UserFacingError(
            _("%(day)s is past: limits that were counted stay as they were.")
            % {"day": day.isoformat()}
        )
    if WorkdayException.objects.standing().filter(day=day).exists():
        raise UserFacingError(
            _("%(day)s has an exception already: withdraw it first.") % {"day": day.isoformat()}
        )
    if load_calendar().is_workday(day) == (kind == DayKind.WORK):
        raise UserFacingError(
            _("%(day)s is that already by the national list.") % {"day": day.isoformat()}
        )
    try:
        with transaction.atomic():
            row = set_exception(
                day=day,
                kind=kind,
                reason=reason.strip()[:200],
                entered_by_id=actor.user_id,
                entered_at=at,
            )
    except IntegrityError:
        raise UserFacingError(
            _("%(day)s has an exception already: withdraw it first.") % {"day": day.isoformat()}
        ) from None
    after = {"day": str(day), "kind": str(kind)}
    audit.record("calendar.except", actor=actor, target=row, after=after, note=row.reason)
    return row


@transaction.atomic
def withdraw_workday_exception(
    *, actor: Actor, exception: WorkdayException, reason: str, at: datetime
) -> WorkdayException:
    """Withdraw an exception that has not come yet; the row stays, with the reason.

    Raises UserFacingError without a reason, for a day that has come, and a second time.
    """
    _keeps_the_calendar(actor)
    if not reason.strip():
        raise UserFacingError(_("Say why the exception is withdrawn."))
    row = WorkdayException.objects.select_for_update(of=("self",)).get(pk=exception.pk)
    if row.withdrawn_at is not None:
        raise UserFacingError(_("The exception was withdrawn already."))
    if row.day <= local_date(at):
        raise UserFacingError(
            _("%(day)s has come: limits that were counted stay as they were.")
            % {"day": row.day.isoformat()}
        )
    row.withdrawn_at, row.withdrawn_by_id = at, actor.user_id
    row.withdrawn_why = reason.strip()[:200]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    read_anew()
    audit.record("calendar.withdraw", actor=actor, target=row, note=row.withdrawn_why)
    return row


def _keeps_the_calendar(actor: Actor) -> None:
    if not actor.has(Role.ADMIN):
        raise NotAllowedError(_("Administrators keep the calendar."))
