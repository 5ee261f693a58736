"""Staff screens of the ground floor."""

from django.urls import path

from crm.common.views import jobs, styleguide

app_name = "common"
urlpatterns = [
    path("admin/condition/", jobs.condition, name="condition"),
    path("admin/work/<slug:kind>/retry/", jobs.work_retry, name="work_retry"),
    path("admin/audit/check/", jobs.audit_check, name="audit_check"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
