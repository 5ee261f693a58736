"""Public pages of the publishing room."""

from django.urls import path

from cms.views import front

urlpatterns = [path("", front.front_page, name="front_page")]
