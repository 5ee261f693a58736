"""Addresses of the issues room that need no account."""

from django.urls import path

from issues.views import links

app_name = "issues_public"
urlpatterns = [path("c/<str:token>/", links.confirm, name="confirm")]
