"""Workspace pages about projects."""

from django.urls import path

from projects.views import projects

app_name = "projects"
urlpatterns = [
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_create, name="project_create"),
    path("projects/<int:pk>/", projects.project_detail, name="project_detail"),
    path("projects/<int:pk>/advance/", projects.project_advance, name="project_advance"),
    path("list-items/<int:pk>/done/", projects.item_finish, name="item_finish"),
    path("approvals/<int:pk>/move/", projects.approval_move, name="approval_move"),
]
