"""The addresses of API v1 and of its description."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from feedback.api.feedback import FeedbackView
from feedback.api.inbound import InboundView
from feedback.api.rows import ROW_VIEWS
from insights.api.accounts import AccountView, BriefView
from insights.api.evidence import EvidenceView
from insights.api.exports import RankingExportView
from insights.api.history import HistoryView
from insights.api.jira import JiraLinksView, JiraWebhookView
from insights.api.nowhere import NowhereView
from insights.api.problems import ProblemView, ReceiptView
from insights.api.ranking import RankingView
from insights.api.scenarios import ScenariosView, ScenarioView
from insights.api.surveys import OpportunityView, SurveyAnswersView
from insights.api.what_if import ScenarioRankingView

# The API keeps its own door: REST framework's default permission asks for a key or a session on each view.
urlpatterns = [
    path("schema/", login_not_required(SpectacularAPIView.as_view()), name="api-schema"),
    path("docs/", login_not_required(SpectacularSwaggerView.as_view(url_name="api-schema")), name="api-docs"),
    path("v1/ranking/", login_not_required(RankingView.as_view()), name="api-ranking"),
    path("v1/ranking/export/", login_not_required(RankingExportView.as_view()), name="api-ranking-export"),
    path("v1/problems/<str:key>/", login_not_required(ProblemView.as_view()), name="api-problem"),
    path("v1/problems/<str:key>/evidence/", login_not_required(EvidenceView.as_view()), name="api-evidence"),
    path("v1/problems/<str:key>/history/", login_not_required(HistoryView.as_view()), name="api-history"),
    path("v1/problems/<str:key>/jira/", login_not_required(JiraLinksView.as_view()), name="api-jira"),
    path("v1/problems/<str:key>/opportunity/", login_not_required(OpportunityView.as_view()), name="api-opportunity"),
    path("v1/jira/<int:site>/webhook/", login_not_required(JiraWebhookView.as_view()), name="api-jira-webhook"),
    path("v1/scenarios/", login_not_required(ScenariosView.as_view()), name="api-scenarios"),
    path("v1/scenarios/<int:id>/", login_not_required(ScenarioView.as_view()), name="api-scenario"),
    path(
        "v1/scenarios/<int:id>/ranking/",
        login_not_required(ScenarioRankingView.as_view()),
        name="api-scenario-ranking",
    ),
    path("v1/in/<slug:connection>/", login_not_required(InboundView.as_view()), name="api-inbound"),
    path("v1/feedback/", login_not_required(FeedbackView.as_view()), name="api-feedback"),
    *(path(f"v1/{name}/", login_not_required(view.as_view()), name=f"api-{name}") for name, view in ROW_VIEWS.items()),
    path("v1/survey-answers/", login_not_required(SurveyAnswersView.as_view()), name="api-survey-answers"),
    path("v1/accounts/<path:reference>/brief/", login_not_required(BriefView.as_view()), name="api-brief"),
    path("v1/accounts/<path:reference>/", login_not_required(AccountView.as_view()), name="api-account"),
    path("v1/problems/<str:key>/receipt/", login_not_required(ReceiptView.as_view()), name="api-receipt"),
]
# Last: an address that nothing answers is told so in the API's own terms.
urlpatterns += [re_path(r"^v1/[\s\S]*/\Z", login_not_required(NowhereView.as_view()), name="api-nowhere")]
