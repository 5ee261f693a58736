"""The site's map: public pages, staff workspace, enterprise portal, editors, API."""

from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from wagtail.views import serve

from crm.common.views.sign_in import password_elsewhere, sign_in_elsewhere

# The public site answers every other address: a wrong one is not found, whoever asks.
login_not_required(serve)
handler400 = "crm.common.views.errors.unreadable"


def _rooms(module: str) -> list[Any]:
    """Return an include for every room that has the given URL module."""
    return [
        path("", include(f"{name}.{module}"))
        for name in settings.ROOMS
        if apps.is_installed(name) and find_spec(f"{name}.{module}")
    ]


urlpatterns = [
    path("work/", include((_rooms("staff_urls"), "staff"))),
    path("my/", include((_rooms("portal_urls"), "portal"))),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *_rooms("public_urls"),
    # Wagtail has sign-in pages of its own, without lockout and second step: ours come first.
    path("cms/login/", sign_in_elsewhere),
    path("cms/password_reset/", password_elsewhere),
    re_path(r"^cms/password_reset/(?P<rest>.*)$", password_elsewhere),
    path("_util/login/", sign_in_elsewhere),
    path("cms/", include("wagtail.admin.urls")),
    path("", include("wagtail.urls")),
]
