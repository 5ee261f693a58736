"""Staff screens of the ground floor."""

from django.urls import path

from crm.common.views import calendar, catalogues, jobs, styleguide

app_name = "common"
urlpatterns = [
    path("admin/condition/", jobs.condition, name="condition"),
    path("admin/work/<slug:kind>/retry/", jobs.work_retry, name="work_retry"),
    path("admin/audit/check/", jobs.audit_check, name="audit_check"),
    path("admin/calendar/", calendar.calendar_page, name="calendar_page"),
    path("admin/calendar/<int:pk>/withdraw/", calendar.calendar_withdraw, name="calendar_withdraw"),
    path("admin/catalogues/", catalogues.catalogue_list, name="catalogue_list"),
    path("admin/catalogues/<slug:key>/", catalogues.catalogue_list, name="catalogue_one"),
    path(
        "admin/catalogues/<slug:key>/<int:pk>/", catalogues.catalogue_entry, name="catalogue_entry"
    ),
    path(
        "admin/catalogues/<slug:key>/<int:pk>/end/", catalogues.catalogue_end, name="catalogue_end"
    ),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
