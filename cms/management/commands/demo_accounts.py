"""manage.py demo_accounts: say how to enter the demo city."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.demo.crm import PASSWORD
from crm.common.people.models import User

NAMES = (
    "agent",
    "handler",
    "lead",
    "leader",
    "policy",
    "finance",
    "auditor",
    "admin",
    "enterprise",
)


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
                self.stdout.write(f"  {name:<12}{person.display_name}  {roles}")
