"""Addresses of the pages."""

from django.urls import path

from insights.views.accounts import AccountPage, AccountsPage
from insights.views.problems import ProblemPage
from insights.views.ranking import RankingPage
from insights.views.unplaced import UnplacedPage

app_name = "insights"
urlpatterns = [
    path("", RankingPage.as_view(), name="ranking"),
    path("problems/<str:key>/", ProblemPage.as_view(), name="problem"),
    path("accounts/", AccountsPage.as_view(), name="accounts"),
    path("accounts/<path:reference>/", AccountPage.as_view(), name="account"),
    path("unplaced/", UnplacedPage.as_view(), name="unplaced"),
]
