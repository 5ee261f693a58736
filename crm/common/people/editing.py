"""Who may open the editors' pages (/cms/): by role, as everything else."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from crm.common.people.enums import Role
from crm.common.people.models import User

OPENS_EDITING = "wagtailadmin.access_admin"
EDITORS = (Role.ADMIN, Role.POLICY_EDITOR)


class EditingBackend(BaseBackend):
    """Lets administrators and policy editors into the editors' pages; signs nobody in."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Say whether an account may open the editors' pages; no other permission is given."""
        if perm != OPENS_EDITING or not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        return user_obj.role_grants.filter(role__in=EDITORS).exists()
