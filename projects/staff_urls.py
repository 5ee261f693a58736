"""Workspace pages about projects."""

from django.urls import path

from projects.views import approvals, items, moves, projects, teams

app_name = "projects"
urlpatterns = [
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_create, name="project_create"),
    path("projects/enterprises/", projects.enterprise_options, name="enterprise_options"),
    path("projects/<int:pk>/", projects.project_detail, name="project_detail"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project_edit"),
    path("projects/<int:pk>/undo/", moves.project_undo, name="project_undo"),
    path("projects/<int:pk>/list/new/", items.item_create, name="item_create"),
    path("projects/<int:pk>/approvals/new/", approvals.approval_create, name="approval_create"),
    path("projects/<int:pk>/team/<slug:slot>/", teams.team_edit, name="team_edit"),
    path("team-members/<int:pk>/leave/", teams.team_leave, name="team_leave"),
    path("projects/<int:pk>/moves/<slug:move>/", moves.project_move, name="project_move"),
    path("list-items/<int:pk>/edit/", items.item_edit, name="item_edit"),
    path("list-items/<int:pk>/undo/", moves.item_undo, name="item_undo"),
    path("list-items/<int:pk>/place/<slug:way>/", items.item_place, name="item_place"),
    path("list-items/<int:pk>/moves/<slug:move>/", moves.item_move, name="item_move"),
    path("approvals/<int:pk>/moves/<slug:move>/", moves.approval_move, name="approval_move"),
    path("zero-burden/<int:pk>/moves/<slug:move>/", moves.relief_move, name="relief_move"),
]
