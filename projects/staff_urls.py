"""Workspace pages about projects."""

from django.urls import path

from projects.views import moves, projects

app_name = "projects"
urlpatterns = [
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_create, name="project_create"),
    path("projects/<int:pk>/", projects.project_detail, name="project_detail"),
    path("projects/<int:pk>/moves/<slug:move>/", moves.project_move, name="project_move"),
    path("list-items/<int:pk>/moves/<slug:move>/", moves.item_move, name="item_move"),
    path("approvals/<int:pk>/moves/<slug:move>/", moves.approval_move, name="approval_move"),
    path("zero-burden/<int:pk>/moves/<slug:move>/", moves.relief_move, name="relief_move"),
]
