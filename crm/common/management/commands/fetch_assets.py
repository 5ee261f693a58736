"""manage.py fetch_assets: get the browser files, once."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crm.common.face import assets


class Command(BaseCommand):
    """Fetch Tabler, Plotly and the icon sprite, verified by hash."""

    help = "Fetch the browser assets named in assets.lock.json."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill var/assets/vendor; say what was made."""
        target = settings.VAR_DIR / "assets" / "vendor"
        kept = Path(os.environ.get("ASSET_CACHE") or settings.VAR_DIR / "asset-cache")
        try:
            made = assets.fetch(target=target, root=settings.BASE_DIR, kept=kept)
        except assets.AssetError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(", ".join(made) if made else "assets are there")
