"""Row scoping: a QuerySet answers nothing until its model says who may see what."""

from typing import Any, Self, TypeVar

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from crm.common.people.actor import Actor

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """The QuerySet of all business data: closed unless the model opens it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows the actor may see; none, unless a model's QuerySet says otherwise."""
        return self.none()


def get_visible_or_404(queryset: Any, actor: Actor, **lookup: Any) -> Any:
    """Return the one visible row, or answer 404: a foreign object does not exist."""
    try:
        return queryset.visible_to(actor).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError):
        raise Http404(_("There is no such record, or it is not yours to see.")) from None
