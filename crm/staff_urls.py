"""Workspace pages about enterprises."""

from django.urls import path

from crm.views import accounts, contacts, enterprises, merges, staff_list

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
    path("accounts/", accounts.account_list, name="account_list"),
    path("accounts/new/", accounts.account_create, name="account_create"),
    path("accounts/import/", staff_list.staff_import, name="staff_import"),
    path("accounts/import/open/", staff_list.staff_import_open, name="staff_import_open"),
    path("accounts/<int:pk>/absences/", accounts.absence_enter, name="account_absence"),
    path("accounts/<int:pk>/absences/end/", accounts.absence_end, name="account_absence_end"),
    path("accounts/<int:pk>/", accounts.account_detail, name="account_detail"),
    path("accounts/<int:pk>/leave/", accounts.account_leave, name="account_leave"),
    path("accounts/<int:pk>/acts/<slug:act>/", accounts.account_act, name="account_act"),
]
