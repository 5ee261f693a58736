"""The newest backup there is: a file somebody else's cron puts into a folder."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

# A nightly dump that is older than this was missed.
LATE_AFTER = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Backup:
    """One file of the folder of backups."""

    name: str
    made_at: datetime
    size: int

    def is_late(self, now: datetime) -> bool:
        """Whether a night has passed without a newer one."""
        return now - self.made_at > LATE_AFTER


def is_known() -> bool:
    """Say whether somebody named a folder of backups that can be read."""
    return bool(settings.ANSHANG_BACKUPS) and Path(settings.ANSHANG_BACKUPS).is_dir()


def newest() -> Backup | None:
    """Return the newest file of the folder that holds anything; None without one."""
    if not is_known():
        return None
    found = []
    for path in Path(settings.ANSHANG_BACKUPS).iterdir():
        try:
            if path.is_file() and path.stat().st_size:
                found.append((path.stat().st_mtime, path.name, path.stat().st_size))
        except OSError:
            continue
    if not found:
        return None
    made, name, size = max(found)
    return Backup(name, datetime.fromtimestamp(made, UTC), size)
