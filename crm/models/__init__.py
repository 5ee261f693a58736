"""Departments, areas, industries, enterprises and the people around them."""

from crm.models.enterprises import Enterprise, FormerName
from crm.models.merges import EnterpriseMerge
from crm.models.people import Contact, Membership, PhoneReveal, StaffProfile
from crm.models.places import Area, Department, Industry
from crm.models.register import RegisterEntry
from crm.models.visits import Visit, VisitAnswer

__all__ = [
    "Area",
    "Contact",
    "Department",
    "Enterprise",
    "EnterpriseMerge",
    "FormerName",
    "Industry",
    "Membership",
    "PhoneReveal",
    "RegisterEntry",
    "StaffProfile",
    "Visit",
    "VisitAnswer",
]
