"""Addresses of the issues room under /work/."""

from django.urls import path

from issues.views import (
    agendas,
    calls,
    caring,
    issues,
    links,
    log,
    meetings,
    minutes,
    moves,
    sweeps,
    visits,
)

app_name = "issues"
urlpatterns = [
    path("issues/", issues.issue_list, name="issue_list"),
    path("issues/log/", log.issue_log, name="issue_log"),
    path("issues/log/pick/", log.issue_pick, name="issue_pick"),
    path("issues/log/forecast/", log.issue_forecast, name="issue_forecast"),
    path("issues/sign/", caring.issue_sign_all, name="issue_sign_all"),
    path("issues/<int:pk>/", issues.issue_detail, name="issue_detail"),
    path("issues/<int:pk>/call/", calls.issue_call, name="issue_call"),
    path("issues/<int:pk>/urge/", caring.issue_urge, name="issue_urge"),
    path("issues/<int:pk>/file/", caring.issue_file, name="issue_file"),
    path("issues/<int:pk>/link/", links.issue_link, name="issue_link"),
    path("issues/<int:pk>/<slug:move>/", moves.issue_move, name="issue_move"),
    path("sweeps/", sweeps.sweep_list, name="sweep_list"),
    path("sweeps/plan/", visits.sweep_plan, name="sweep_plan"),
    path("sweeps/targets/<int:pk>/", visits.sweep_target, name="sweep_target"),
    path("sweeps/targets/<int:pk>/finding/", visits.sweep_finding, name="sweep_finding"),
    path("sweeps/targets/<int:pk>/give/", visits.sweep_give, name="sweep_give"),
    path("sweeps/<int:pk>/remind/", sweeps.sweep_remind, name="sweep_remind"),
    path("sweeps/<int:pk>/", sweeps.sweep_detail, name="sweep_detail"),
    path("sweeps/targets/<int:pk>/visit/", visits.sweep_visit, name="sweep_visit"),
    path("sweeps/targets/<int:pk>/excuse/", sweeps.sweep_excuse, name="sweep_excuse"),
    path("sweeps/<int:pk>/<slug:move>/", sweeps.sweep_move, name="sweep_move"),
    path("meetings/", meetings.meeting_list, name="meeting_list"),
    path("meetings/request/", agendas.meeting_request, name="meeting_request"),
    path("meetings/<int:pk>/matters/add/", agendas.matter_add, name="matter_add"),
    path("meetings/<int:pk>/matters/drop/", agendas.matter_drop, name="matter_drop"),
    path("meetings/<int:pk>/matters/raise/", agendas.matter_raise, name="matter_raise"),
    path("meetings/<int:pk>/minutes/", minutes.minutes_edit, name="minutes_edit"),
    path("meetings/<int:pk>/minutes.<slug:ending>", minutes.minutes_file, name="minutes_file"),
    path("meetings/<int:pk>/", meetings.meeting_detail, name="meeting_detail"),
    path("meetings/<int:pk>/<slug:move>/", meetings.meeting_move, name="meeting_move"),
]
