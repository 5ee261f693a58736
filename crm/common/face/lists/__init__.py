"""List pages: filters, order, columns and page in the URL; one page, its fragments, its XLSX."""

from crm.common.face.lists import cells
from crm.common.face.lists.export import export_rows
from crm.common.face.lists.listing import Listing
from crm.common.face.lists.response import list_around_form, list_response
from crm.common.face.lists.spec import (
    BulkAction,
    Column,
    ListFilter,
    ListSpec,
    Phone,
    Preset,
    add_filter,
    register,
    register_family,
)

__all__ = [
    "BulkAction",
    "Column",
    "ListFilter",
    "ListSpec",
    "Listing",
    "Phone",
    "Preset",
    "add_filter",
    "cells",
    "export_rows",
    "list_around_form",
    "list_response",
    "register",
    "register_family",
]
