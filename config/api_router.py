"""The addresses of API v1 and of its description."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from feedback.api.rows import ROW_VIEWS
from insights.api.accounts import AccountView, BriefView
from insights.api.problems import ProblemView, ReceiptView
from insights.api.ranking import RankingView

# The API keeps its own door: REST framework's default permission asks for a key or a session on each view.
urlpatterns = [
    path("schema/", login_not_required(SpectacularAPIView.as_view()), name="api-schema"),
    path("v1/ranking/", login_not_required(RankingView.as_view()), name="api-ranking"),
    path("v1/problems/<str:key>/", login_not_required(ProblemView.as_view()), name="api-problem"),
    *(path(f"v1/{name}/", login_not_required(view.as_view()), name=f"api-{name}") for name, view in ROW_VIEWS.items()),
    path("v1/accounts/<path:reference>/brief/", login_not_required(BriefView.as_view()), name="api-brief"),
    path("v1/accounts/<path:reference>/", login_not_required(AccountView.as_view()), name="api-account"),
    path("v1/problems/<str:key>/receipt/", login_not_required(ReceiptView.as_view()), name="api-receipt"),
]
