"""Pages of the ground floor that belong to whoever is signed in."""

from django.urls import path

from crm.common.views import comments, files, health, inbox, jobs, preferences, saved

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("files/<uuid:file_id>/", files.file_download, name="file_download"),
    path("jobs/<uuid:job_id>/", jobs.job_progress, name="job_progress"),
    path("jobs/<uuid:job_id>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("me/", inbox.my_page, name="my_page"),
    path("inbox/", inbox.inbox_list, name="inbox_list"),
    path("inbox/read/", inbox.inbox_read, name="inbox_read"),
    path("inbox/<int:message_id>/", inbox.inbox_open, name="inbox_open"),
    path("preferences/", preferences.preferences_edit, name="preferences_edit"),
    path("me/addresses/", preferences.address_add, name="address_add"),
    path("me/addresses/<int:pk>/ask/", preferences.address_ask, name="address_ask"),
    path("me/addresses/<int:pk>/remove/", preferences.address_remove, name="address_remove"),
    path("me/addresses/confirm/<str:token>/", preferences.address_confirm, name="address_confirm"),
    path("comments/<str:kind>/<int:pk>/", comments.comment_add, name="comment_add"),
    path("comments/<int:pk>/withdraw/", comments.comment_withdraw, name="comment_withdraw"),
    path("views/save/", saved.view_save, name="view_save"),
    path("views/<int:view_id>/delete/", saved.view_delete, name="view_delete"),
]
