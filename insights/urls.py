"""Addresses of the pages."""

from django.urls import path

from insights.views.accounts import AccountPage, AccountsPage
from insights.views.problem_edits import StatusSet
from insights.views.problems import ProblemPage
from insights.views.ranking import RankingPage
from insights.views.undo import UndoCorrection, UndoEdit
from insights.views.unplaced import UnplacedPage
from insights.views.what_if import ComparePage, ScenarioDelete, ScenarioSave, ScenarioUpdate, WhatIfPage

app_name = "insights"
urlpatterns = [
    path("", RankingPage.as_view(), name="ranking"),
    path("problems/<str:key>/", ProblemPage.as_view(), name="problem"),
    path("status/", StatusSet.as_view(), name="status-set"),
    path("accounts/", AccountsPage.as_view(), name="accounts"),
    path("accounts/<path:reference>/", AccountPage.as_view(), name="account"),
    path("undo/correction/<int:pk>/", UndoCorrection.as_view(), name="undo-correction"),
    path("undo/edit/<int:pk>/", UndoEdit.as_view(), name="undo-edit"),
    path("unplaced/", UnplacedPage.as_view(), name="unplaced"),
    path("what-if/", WhatIfPage.as_view(), name="what-if"),
    path("what-if/compare/", ComparePage.as_view(), name="compare"),
    path("what-if/save/", ScenarioSave.as_view(), name="scenario-save"),
    path("what-if/<int:pk>/", WhatIfPage.as_view(), name="scenario"),
    path("what-if/<int:pk>/save/", ScenarioUpdate.as_view(), name="scenario-update"),
    path("what-if/<int:pk>/delete/", ScenarioDelete.as_view(), name="scenario-delete"),
]
