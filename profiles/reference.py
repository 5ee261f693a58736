"""The profile room's catalogue: the indicators."""

from crm.common.slots.reference import Loader, register
from profiles.services import load_indicators

register(Loader("profiles", 40, lambda day: {"indicators": load_indicators(day)}))
