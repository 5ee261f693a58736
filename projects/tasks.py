"""Work of the night."""

from celery import shared_task

from crm.common.days import clock
from projects.services import refresh_lights


@shared_task(name="projects.refresh_lights")
def refresh_all_lights() -> int:
    """Bring the lights up to date: with every day something becomes late."""
    return refresh_lights(today=clock.today())
