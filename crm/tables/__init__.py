"""The lists of the enterprise room."""

from crm.tables.accounts import ACCOUNTS
from crm.tables.enterprises import ENTERPRISES

__all__ = ["ACCOUNTS", "ENTERPRISES"]
