"""Forms of the enterprise room: the shape of what is typed."""

from crm.forms.accounts import (
    AbsenceForm,
    AccountForm,
    AreaForm,
    CloseForm,
    LeaveForm,
    NamesForm,
    NewAccountForm,
    RoleForm,
    SecondStepForm,
)
from crm.forms.enterprises import (
    ContactForm,
    EnterpriseForm,
    MergeForm,
    RegisterForm,
    RenameForm,
    RevealForm,
    VisitForm,
)

__all__ = [
    "AbsenceForm",
    "AccountForm",
    "AreaForm",
    "CloseForm",
    "ContactForm",
    "EnterpriseForm",
    "LeaveForm",
    "MergeForm",
    "NamesForm",
    "NewAccountForm",
    "RegisterForm",
    "RenameForm",
    "RevealForm",
    "RoleForm",
    "SecondStepForm",
    "VisitForm",
]
