"""Addresses of the pages."""

from django.urls import path

from insights.views.problems import ProblemPage
from insights.views.ranking import RankingPage
from insights.views.unplaced import UnplacedPage

app_name = "insights"
urlpatterns = [
    path("", RankingPage.as_view(), name="ranking"),
    path("problems/<str:key>/", ProblemPage.as_view(), name="problem"),
    path("unplaced/", UnplacedPage.as_view(), name="unplaced"),
]
