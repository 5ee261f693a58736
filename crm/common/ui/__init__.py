"""List pages: filters, order, columns and page in the URL; one page, its fragment, its XLSX."""

from crm.common.ui.listing import Listing
from crm.common.ui.response import list_response
from crm.common.ui.spec import Column, ListSpec, Preset

__all__ = ["Column", "ListSpec", "Listing", "Preset", "list_response"]
