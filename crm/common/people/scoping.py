"""Row scoping: a QuerySet answers nothing until its model says who may see what."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from crm.common.people.actor import Actor

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """The QuerySet of all business data: closed unless the model opens it.

    A model overrides `seen_by` and, for what must be invisible to somebody (a complaint to the
    accused department), `hidden_from`. Everybody asks `visible_to`, so that lists, counts,
    figures, search, exports and messages leave the same rows out.
    """

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows the actor may see, without what is hidden from the actor."""
        rows = self.seen_by(actor)
        hidden = None if actor.is_system else self.hidden_from(actor)
        return rows if hidden is None else rows.exclude(hidden)

    def seen_by(self, actor: Actor) -> Self:
        """Return the rows open to the actor; none, unless a model's QuerySet says otherwise."""
        return self.none()

    def hidden_from(self, actor: Actor) -> models.Q | None:
        """Return the condition of rows the actor must never see, or None."""
        return None


class ReadByAll(ScopedQuerySet[M]):
    """Catalogues and public documents: read by everybody who is signed in."""

    def seen_by(self, actor: Actor) -> Self:
        """Return all rows to whoever is signed in."""
        return self.all() if actor.user_id or actor.is_system else self.none()


class ReadByStaff(ScopedQuerySet[M]):
    """Working papers: read by everybody who works for the city."""

    def seen_by(self, actor: Actor) -> Self:
        """Return all rows to staff, none to others."""
        return self.all() if actor.is_staff else self.none()


class Through(ScopedQuerySet[M]):
    """Rows that hang on another record, named by `through`, and are seen by whoever sees it."""

    through: ClassVar[str]

    def seen_by(self, actor: Actor) -> Self:
        """Return the rows whose record the actor may see."""
        related: Any = self.model
        for part in self.through.split("__"):
            related = related._meta.get_field(part).related_model
        visible = related._default_manager.visible_to(actor)
        if not visible.query.where and not visible.query.is_empty():
            return self.all()
        return self.filter(**{f"{self.through}__in": visible})


def get_visible_or_404(queryset: Any, actor: Actor, **lookup: Any) -> Any:
    """Return the one visible row, or answer 404: a foreign object does not exist."""
    return get_or_404(queryset.visible_to(actor), **lookup)


def get_or_404(rows: Any, **lookup: Any) -> Any:
    """Return the one row of those already scoped to the actor, or answer 404."""
    try:
        return rows.get(**lookup)
    except (rows.model.DoesNotExist, ValueError):
        raise Http404(_("There is no such record, or it is not yours to see.")) from None
