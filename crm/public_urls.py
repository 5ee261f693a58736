"""Where everybody lands after signing in."""

from django.urls import path

from crm.views import enterprises

urlpatterns = [path("start/", enterprises.home, name="home")]
