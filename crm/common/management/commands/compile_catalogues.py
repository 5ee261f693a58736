"""manage.py compile_catalogues: make .mo files without gettext on the machine."""

from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Compile every catalogue that is newer than its compiled form."""

    help = "Compile the message catalogues with polib."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the .mo files."""
        for folder in settings.LOCALE_PATHS:
            for source in sorted(folder.rglob("*.po")):
                compiled = source.with_suffix(".mo")
                if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
                    polib.pofile(str(source)).save_as_mofile(str(compiled))
                    self.stdout.write(f"{source.parent.parent.name}: {compiled.name}")
