"""The Celery application: jobs run the same with a broker server and without one."""

import os
from pathlib import Path

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("anshang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

if settings.CELERY_BROKER_URL.startswith("filesystem"):
    Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["control_folder"])).mkdir(
        parents=True, exist_ok=True
    )
