"""Workspace pages about data."""

from django.urls import path

from profiles.views import consents, imports, labels, values

app_name = "profiles"
urlpatterns = [
    path("labels/", labels.label_list, name="label_list"),
    path("labels/judge/", labels.label_judge, name="label_judge"),
    path("labels/<slug:code>/", labels.label_detail, name="label_detail"),
    path("labels/<slug:code>/edit/", labels.label_edit, name="label_edit"),
    path("labels/assignments/<int:pk>/check/", labels.warning_check, name="warning_check"),
    path("labels/assignments/<int:pk>/issue/", labels.warning_issue, name="warning_issue"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_create, name="import_create"),
    path("imports/jobs/<uuid:job_id>/answers/", imports.import_answer, name="import_answer"),
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
