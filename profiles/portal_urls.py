"""Portal pages about an enterprise's data."""

from django.urls import path

from profiles.views import consents

app_name = "profiles"
urlpatterns = [
    path("consent/<int:enterprise_id>/", consents.portal_consent, name="consent_edit"),
]
