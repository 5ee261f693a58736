"""Staff screens of the ground floor."""

from django.urls import path

from crm.common.views import jobs, styleguide

app_name = "common"
urlpatterns = [
    path("admin/work/", jobs.work_list, name="work_list"),
    path("admin/work/<slug:kind>/retry/", jobs.work_retry, name="work_retry"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
