"""manage.py serve: web and worker under one roof, for the demo and small offices."""

import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

GRACE_SECONDS = 30


class Command(BaseCommand):
    """Start gunicorn and a Celery worker with its clock; stop both together."""

    help = "Serve the site and run the jobs; stops both on Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the address."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until one of the two ends or a signal comes; leave no child behind."""
        self.children: list[subprocess.Popen[bytes]] = []
        self.stopping = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for words in self._commands(options):
            # A session of its own: Ctrl-C reaches this process only, which stops both in order.
            self.children.append(subprocess.Popen(words, start_new_session=True))
        self.stdout.write(f"http://{options['host']}:{options['port']}/")
        while not self.stopping and all(child.poll() is None for child in self.children):
            time.sleep(0.2)
        died = not self.stopping
        self._stop()
        for child in self.children:
            try:
                child.wait(timeout=GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if died:
            raise CommandError("The web server or the worker stopped by itself: see above.")

    def _stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        self.stopping = True
        for child in self.children:
            if child.poll() is None:
                child.terminate()

    def _commands(self, options: dict[str, Any]) -> list[list[str]]:
        web = [sys.executable, "-m", "gunicorn", "crm.wsgi", "--worker-class", "gthread"]
        web += ["--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning"]
        web += ["--bind", f"{options['host']}:{options['port']}"]
        worker = [
            sys.executable,
            "-m",
            "celery",
            "-q",
            "-A",
            "crm",
            "worker",
            "-B",
            "-P",
            "threads",
        ]
        worker += ["-c", "2", "--loglevel", "warning", "-s", settings.CELERY_BEAT_SCHEDULE_FILENAME]
        return [web, worker]
