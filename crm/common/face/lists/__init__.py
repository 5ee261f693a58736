"""List pages: filters, order, columns and page in the URL; one page, its fragment, its XLSX."""

from crm.common.face.lists.listing import Listing
from crm.common.face.lists.response import list_response
from crm.common.face.lists.spec import Column, ListSpec, Preset

__all__ = ["Column", "ListSpec", "Listing", "Preset", "list_response"]
