"""Workspace pages of the publishing room."""

from django.urls import path

from cms.views import bulletins, search, today

app_name = "cms"
urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("bulletins/", bulletins.bulletin_list, name="bulletin_list"),
    path("bulletins/<str:month>/", bulletins.bulletin_detail, name="bulletin_detail"),
    path(
        "bulletins/<str:month>/figures/<slug:key>/",
        bulletins.figure_detail,
        name="figure_detail",
    ),
]
