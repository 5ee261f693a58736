"""The project room's catalogues: approval matters, team slots, fees."""

from crm.common.slots.reference import Loader, register
from projects.services import load_project_reference

register(Loader("projects", 20, load_project_reference))
