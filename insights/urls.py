"""Addresses of the pages."""

from django.urls import path

from insights.views.about import AboutPage, MovedPage
from insights.views.accounts import AccountPage, AccountsPage
from insights.views.ask import AskMeaning, AskPage
from insights.views.corrections import MergePage, MovePage, Rename, SplitPage
from insights.views.landscape import MapPage
from insights.views.log import LogAccounts, LogAlike, LogPage, UndoLog
from insights.views.peek import Peek
from insights.views.problem_edits import ProblemsEdit
from insights.views.problem_facts import DiscoveryAnswered, DiscoveryUndo, ProblemFacts
from insights.views.problems import ProblemPage
from insights.views.ranking import RankingFile, RankingPage
from insights.views.review import Decide, ReviewPage, UndoDecision
from insights.views.roadmap import RoadmapPage
from insights.views.saved_views import ViewDelete, ViewSave
from insights.views.tell import TellPage
from insights.views.undo import UndoCorrection, UndoEdit
from insights.views.unplaced import UnplacedPage
from insights.views.what_if import ComparePage, ScenarioDelete, ScenarioSave, ScenarioUpdate, WhatIfPage

app_name = "insights"
urlpatterns = [
    path("", RankingPage.as_view(), name="ranking"),
    path("ranking.csv", RankingFile.as_view(), name="ranking-file"),
    path("problems/<str:key>/", ProblemPage.as_view(), name="problem"),
    path("problems/<str:key>/about/", AboutPage.as_view(), name="about"),
    path("problems/<str:key>/moved/", MovedPage.as_view(), name="moved"),
    path("problems/<str:key>/facts/", ProblemFacts.as_view(), name="facts"),
    path("problems/<str:key>/discovery/", DiscoveryAnswered.as_view(), name="discovery"),
    path("undo/discovery/<int:pk>/", DiscoveryUndo.as_view(), name="undo-discovery"),
    path("problems/<str:key>/peek/", Peek.as_view(), name="peek"),
    path("problems/<str:key>/split/", SplitPage.as_view(), name="split"),
    path("problems/<str:key>/move/", MovePage.as_view(), name="move"),
    path("problems/<str:key>/rename/", Rename.as_view(), name="rename"),
    path("problems/<str:key>/tell/", TellPage.as_view(), name="tell"),
    path("ask/", AskPage.as_view(), name="ask"),
    path("ask/meaning/", AskMeaning.as_view(), name="ask-meaning"),
    path("map/", MapPage.as_view(), name="map"),
    path("log/", LogPage.as_view(), name="log"),
    path("log/alike/", LogAlike.as_view(), name="log-alike"),
    path("log/accounts/", LogAccounts.as_view(), name="log-accounts"),
    path("undo/log/", UndoLog.as_view(), name="undo-log"),
    path("roadmap/", RoadmapPage.as_view(), name="roadmap"),
    path("merge/", MergePage.as_view(), name="merge"),
    path("edit/", ProblemsEdit.as_view(), name="edit"),
    path("views/", ViewSave.as_view(), name="view-save"),
    path("views/<int:pk>/delete/", ViewDelete.as_view(), name="view-delete"),
    path("accounts/", AccountsPage.as_view(), name="accounts"),
    path("accounts/<path:reference>/", AccountPage.as_view(), name="account"),
    path("undo/correction/<int:pk>/", UndoCorrection.as_view(), name="undo-correction"),
    path("undo/edit/<int:pk>/", UndoEdit.as_view(), name="undo-edit"),
    path("undo/decision/<str:kind>/<int:pk>/", UndoDecision.as_view(), name="undo-decision"),
    path("review/", ReviewPage.as_view(), name="review"),
    path("review/<str:kind>/<int:pk>/", Decide.as_view(), name="decide"),
    path("unplaced/", UnplacedPage.as_view(), name="unplaced"),
    path("what-if/", WhatIfPage.as_view(), name="what-if"),
    path("what-if/compare/", ComparePage.as_view(), name="compare"),
    path("what-if/save/", ScenarioSave.as_view(), name="scenario-save"),
    path("what-if/<int:pk>/", WhatIfPage.as_view(), name="scenario"),
    path("what-if/<int:pk>/save/", ScenarioUpdate.as_view(), name="scenario-update"),
    path("what-if/<int:pk>/delete/", ScenarioDelete.as_view(), name="scenario-delete"),
]
