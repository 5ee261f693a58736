#!/usr/bin/env python
"""The command line of Anshang: `python manage.py help` lists what it can do."""

import os
import sys


def main() -> None:
    """Run one management command with the settings of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings first

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
