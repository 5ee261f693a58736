"""The trees everything hangs on: departments, areas with parks, industries."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import M, ReadByAll
from crm.enums import AreaKind


class TreeQuerySet(ReadByAll[M]):
    """Reference trees: every signed-in person may read them."""

    def within(self, path: str) -> Self:
        """Return a node and all below it, by its path."""
        return self.filter(path__startswith=path)


class TreeNode(models.Model):
    """A node whose `path` is the codes from the root, each ended by a slash."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=200, unique=True, editable=False)

    class Meta:
        abstract = True


class Department(TreeNode):
    """A department or bureau of the city, a utility, or a unit below one."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    short_name = models.CharField(_("short name"), max_length=20)
    aliases = models.JSONField(_("also written as"), default=list, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    objects = TreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.short_name


class Area(TreeNode):
    """A place by GB/T 2260 and the township codes below it, or a park with a code of its own."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=AreaKind.choices)

    objects = TreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class Industry(TreeNode):
    """An entry of GB/T 4754-2017: section letter, or 2, 3 or 4 digits."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    name = models.CharField(_("name"), max_length=80)
    section = models.CharField(_("section"), max_length=1)

    objects = TreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["path"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
