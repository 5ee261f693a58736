"""The trees every room stands on: departments, areas, industries."""

from crm.common.slots.reference import Loader, register
from crm.services import load_reference

register(Loader("crm", 10, lambda _day: load_reference()))
