"""Saved views of lists."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.scoping import ScopedQuerySet


class SavedViewQuerySet(ScopedQuerySet["SavedView"]):
    """Saved views; a person's own, and those colleagues share."""

    def visible_to(self, actor: Actor) -> "SavedViewQuerySet":
        """Return the actor's own saved views and those shared in its department."""
        if not actor.user_id:
            return self.none()
        shown = models.Q(user_id=actor.user_id)
        if actor.department_id is not None:
            shown |= models.Q(shared_with=actor.department_id)
        return self.filter(shown)

    def own(self, actor: Actor) -> "SavedViewQuerySet":
        """Return the views the actor saved, which nobody else may change."""
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


class SavedView(models.Model):
    """A named set of filters, columns and order of one list page."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    page = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    # A department of the room above, known here by its number only.
    shared_with = models.BigIntegerField(_("shared with department"), null=True, db_index=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="common_savedview_once")
        ]

    def __str__(self) -> str:
        return self.name
