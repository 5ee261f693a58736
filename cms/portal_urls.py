"""Portal pages of the publishing room."""

from django.urls import path

from cms.views import portal

app_name = "cms"
urlpatterns = [path("", portal.home, name="home")]
