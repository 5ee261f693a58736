"""manage.py serve: web and worker under one roof, for the demo and small offices."""

import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """Start gunicorn and a Celery worker with its clock; stop both together."""

    help = "Serve the site and run the jobs; stops both on Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the address."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until one of the two ends or a signal comes."""
        children = [subprocess.Popen(words) for words in self._commands(options)]

        def stop(number: int, frame: FrameType | None) -> None:
            for child in children:
                child.terminate()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        stop(0, None)
        codes = [child.wait(timeout=30) for child in children]
        if any(code not in (0, -signal.SIGTERM, -signal.SIGINT) for code in codes):
            raise CommandError("The web server or the worker stopped by itself: see above.")

    def _commands(self, options: dict[str, Any]) -> list[list[str]]:
        web = [sys.executable, "-m", "gunicorn", "crm.wsgi", "--worker-class", "gthread"]
        web += ["--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning"]
        web += ["--bind", f"{options['host']}:{options['port']}"]
        worker = [sys.executable, "-m", "celery", "-A", "crm", "worker", "-B", "-P", "threads"]
        worker += ["-c", "2", "--loglevel", "warning", "-s", settings.CELERY_BEAT_SCHEDULE_FILENAME]
        return [web, worker]
