"""The enterprise room, and the site's plumbing: settings, urls, celery."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
