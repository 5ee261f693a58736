"""Make the first administrator of an empty installation."""

import getpass
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.common.errors import UserFacingError
from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.common.people.models import RoleGrant
from crm.selectors import department_called
from crm.services import AccountInput, open_account, password_link


class Command(BaseCommand):
    """Open one account with the role of administrator; refuse when there is one already."""

    help = "Make the first administrator: manage.py first_admin USERNAME --name NAME"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is, and where the password comes from."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--department", default="ansb", help="code or name of the department")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        parser.add_argument(
            "--link", action="store_true", help="set no password, print a link that sets one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the account and say how to go on."""
        if RoleGrant.objects.filter(role=Role.ADMIN, user__is_active=True).exists():
            raise CommandError(
                "There is an administrator already: open further accounts on the page Accounts."
            )
        actor = system_actor("first_admin")
        password = None if options["link"] else _password(from_stdin=options["password_stdin"])
        try:
            unit = department_called(options["department"])
            data = AccountInput(options["name"], (Role.ADMIN,), unit.pk)
            user = open_account(actor=actor, username=options["username"], data=data)
        except UserFacingError as problem:
            raise CommandError(f"{problem} (manage.py load_reference loads departments.)") from None
        if password is None:
            link = password_link(actor=actor, user=user)
            self.stdout.write(f"Set the password at {settings.ANSHANG_BASE_URL.rstrip('/')}{link}")
            return
        user.set_password(password)
        user.save(update_fields=["password"])
        self.stdout.write(f"{user.display_name} signs in as {user.username}.")


def _password(*, from_stdin: bool) -> str:
    typed = sys.stdin.readline().rstrip("\n") if from_stdin else getpass.getpass("Password: ")
    try:
        validate_password(typed)
    except ValidationError as problem:
        raise CommandError(" ".join(problem.messages)) from None
    return typed
