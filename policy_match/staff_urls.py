"""Workspace pages of the policy room."""

from django.urls import path

from policy_match.views import clauses

app_name = "policy_match"
urlpatterns = [
    path("policies/", clauses.clause_list, name="clause_list"),
    path("policies/<int:pk>/", clauses.clause_detail, name="clause_detail"),
    path(
        "policies/versions/<int:pk>/moves/<slug:move>/",
        clauses.version_move,
        name="version_move",
    ),
]
