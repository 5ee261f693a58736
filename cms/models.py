"""Wagtail's base page, chosen before the first migration, and the room's own records."""

from wagtail.models import AbstractPage


class BasePage(AbstractPage):
    """The page every public page descends from: the place for fields all of them share."""
