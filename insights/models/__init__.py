"""Tables of `insights`."""

from insights.models.api_keys import ApiKey, Scope
from insights.models.corrections import Correction, CorrectionKind
from insights.models.discovery import DiscoveryAnswer, DiscoveryQuestion
from insights.models.edits import ProblemEdit
from insights.models.embeddings import Embedding
from insights.models.jira import JiraKind, JiraLink, JiraLinkState, JiraSite, JiraStatusMapping
from insights.models.outbox import Attempt, Delivery, DeliveryState, Endpoint, Event, EventType
from insights.models.problems import Membership, Problem, Status, Theme
from insights.models.proposals import Decision, Proposal, ProposalKind, Question
from insights.models.ranking import (
    AccountStanding,
    Ranking,
    RankingEntry,
    Receipt,
    ReceiptLine,
    Touched,
    TouchKind,
)
from insights.models.runs import Run, RunState
from insights.models.saved_views import SavedView
from insights.models.scenarios import Scenario
from insights.models.surveys import SurveyAnswer
from insights.models.told import Told, ToldState
from insights.models.weights import WeightsVersion

__all__ = [
    "AccountStanding",
    "ApiKey",
    "Attempt",
    "Correction",
    "CorrectionKind",
    "Decision",
    "Delivery",
    "DeliveryState",
    "DiscoveryAnswer",
    "DiscoveryQuestion",
    "Embedding",
    "Endpoint",
    "Event",
    "EventType",
    "JiraKind",
    "JiraLink",
    "JiraLinkState",
    "JiraSite",
    "JiraStatusMapping",
    "Membership",
    "Problem",
    "ProblemEdit",
    "Proposal",
    "ProposalKind",
    "Question",
    "Ranking",
    "RankingEntry",
    "Receipt",
    "ReceiptLine",
    "Run",
    "RunState",
    "SavedView",
    "Scenario",
    "Scope",
    "Status",
    "SurveyAnswer",
    "Theme",
    "Told",
    "ToldState",
    "TouchKind",
    "Touched",
    "WeightsVersion",
]
