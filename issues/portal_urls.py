"""Addresses of the issues room under /my/."""

from django.urls import path

from issues.views import portal, reporting

app_name = "issues"
urlpatterns = [
    path("issues/", portal.issue_list, name="issue_list"),
    path("issues/report/", reporting.issue_report, name="issue_report"),
    path("issues/report/outlook/", reporting.issue_outlook, name="issue_outlook"),
    path("issues/<int:pk>/add/", portal.issue_add, name="issue_add"),
    path("issues/<int:pk>/", portal.issue_detail, name="issue_detail"),
    path("issues/<int:pk>/confirm/", portal.issue_confirm, name="issue_confirm"),
]
