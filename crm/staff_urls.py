"""Workspace pages about enterprises."""

from django.urls import path

from crm.views import contacts, enterprises, merges

app_name = "crm"
urlpatterns = [
    path("enterprises/", enterprises.enterprise_list, name="enterprise_list"),
    path("enterprises/new/", enterprises.enterprise_create, name="enterprise_create"),
    path("enterprises/<int:pk>/", enterprises.enterprise_detail, name="enterprise_detail"),
    path("enterprises/<int:pk>/edit/", enterprises.enterprise_edit, name="enterprise_edit"),
    path("enterprises/<int:pk>/visits/new/", enterprises.visit_create, name="visit_create"),
    path("enterprises/<int:pk>/rename/", enterprises.enterprise_rename, name="enterprise_rename"),
    path("enterprises/<int:pk>/merge/", merges.enterprise_merge, name="enterprise_merge"),
    path("merges/<int:pk>/undo/", merges.merge_undo, name="merge_undo"),
    path("enterprises/<int:pk>/contacts/new/", contacts.contact_create, name="contact_create"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/phone/", contacts.contact_reveal, name="contact_reveal"),
]
