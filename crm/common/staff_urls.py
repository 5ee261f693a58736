"""Staff screens of the ground floor."""

from django.urls import path

from crm.common.views import styleguide

app_name = "common"
urlpatterns = [
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
