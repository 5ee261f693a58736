"""What the editors' pages show beyond Wagtail's own, and what they leave out."""

from typing import Any

from wagtail import hooks

from crm.common.http import Request


@hooks.register("construct_help_menu")
def leave_out_help(request: Request, items: list[Any]) -> None:
    """Leave out the help menu: it leads out of the house, partly in English."""
    items.clear()
