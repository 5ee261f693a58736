"""Workspace pages about enterprises."""

from django.urls import path

from crm.views import enterprises

app_name = "crm"
urlpatterns = [
    path("enterprises/", enterprises.enterprise_list, name="enterprise_list"),
    path("enterprises/new/", enterprises.enterprise_create, name="enterprise_create"),
    path("enterprises/<int:pk>/", enterprises.enterprise_detail, name="enterprise_detail"),
    path("enterprises/<int:pk>/edit/", enterprises.enterprise_edit, name="enterprise_edit"),
    path("enterprises/<int:pk>/visits/new/", enterprises.visit_create, name="visit_create"),
    path("contacts/<int:pk>/phone/", enterprises.contact_reveal, name="contact_reveal"),
]
