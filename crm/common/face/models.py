"""Saved views of lists."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.scoping import ScopedQuerySet


class SavedViewQuerySet(ScopedQuerySet["SavedView"]):
    """Saved views; a person's own only."""

    def visible_to(self, actor: Actor) -> "SavedViewQuerySet":
        """Return the actor's own saved views."""
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


class SavedView(models.Model):
    """A named set of filters, columns and order of one list page."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    page = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=1000, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="common_savedview_once")
        ]

    def __str__(self) -> str:
        return self.name
