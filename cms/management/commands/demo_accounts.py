"""manage.py demo_accounts: say how to enter the demo city."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.demo.crm import PASSWORD
from crm.common.people.models import User
from crm.models import StaffProfile

NAMES = (
    "agent",
    "handler",
    # Housing, power, park, finance office (jrb), employment, education, economy, environment.
    "handler-zjj",
    "handler-gdgs",
    "handler-jkq",
    "handler-jrb",
    "handler-rsj",
    "handler-jyj",
    "handler-jxj",
    "handler-hbj",
    "lead",
    "leader",
    "policy",
    "finance",
    "auditor",
    "admin",
    "enterprise",
    "enterprise2",
)


def unit_of(person: User) -> str:
    """Return the department somebody works for, nothing for an enterprise's people."""
    profile = StaffProfile.objects.filter(user=person).select_related("department").first()
    return profile.department.short_name if profile and profile.department else ""


class Command(BaseCommand):
    """Print the address and the accounts of the demo."""

    help = "Print the demo's address, accounts and password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the port."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        """List the accounts that are there."""
        people = {user.username: user for user in User.objects.filter(username__in=NAMES)}
        self.stdout.write(f"\nhttp://localhost:{options['port']}/   password: {PASSWORD}")
        for name in NAMES:
            if person := people.get(name):
                roles = ", ".join(grant.get_role_display() for grant in person.role_grants.all())
                unit = unit_of(person)
                self.stdout.write(f"  {name:<14}{person.display_name}  {roles}  {unit}".rstrip())
