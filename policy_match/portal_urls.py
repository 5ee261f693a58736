"""Portal pages of the policy room."""

from django.urls import path

from policy_match.views import portal

app_name = "policy_match"
urlpatterns = [
    path("policies/<int:pk>/", portal.push_detail, name="push_detail"),
    path("policies/<int:pk>/answer/", portal.push_answer, name="push_answer"),
]
