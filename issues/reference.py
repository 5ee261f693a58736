"""The issue room's catalogues: categories and limits."""

from crm.common.slots.reference import Loader, register
from issues.services import load_issue_reference

register(Loader("issues", 30, load_issue_reference))
