"""Workspace pages about data."""

from django.urls import path

from profiles.views import consents, imports, values

app_name = "profiles"
urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/moves/<slug:move>/", imports.batch_move, name="batch_move"),
    path(
        "enterprises/<int:enterprise_id>/values/<int:indicator_id>/",
        imports.value_history,
        name="value_history",
    ),
    path(
        "enterprises/<int:enterprise_id>/values/",
        values.enterprise_values,
        name="enterprise_values",
    ),
    path("enterprises/<int:enterprise_id>/consent/", consents.consent_edit, name="consent_edit"),
]
