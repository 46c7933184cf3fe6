"""Accounts as pages: the list with its search, and one account with all there is to know."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import ListView, TemplateView

from customers.models import Account
from insights.models import Ranking
from insights.services.accounts import account_dossier, account_find
from insights.services.briefs import account_brief


class AccountsPage(ListView[Account]):
    """Every company, the largest revenue first. The search lives in the address."""

    template_name = "insights/accounts.html"
    context_object_name = "accounts"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Account]:
        """Companies whose name, domain, id or owner holds the words searched for."""
        found = Account.objects.unmerged().searched(self._words()).select_related("parent")
        return found.order_by(F("arr").desc(nulls_last=True), "name")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the words and the snapshot that the header names."""
        return {**super().get_context_data(**kwargs), "q": self._words(), "ranking": Ranking.objects.first()}

    def _words(self) -> str:
        return self.request.GET.get("q", "").replace("\x00", "").strip()[:200]


class AccountPage(TemplateView):
    """One account: what to know before acting."""

    template_name = "insights/account.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the account, or lead on to the one that it turned out to be."""
        account = account_find(reference=self.kwargs["reference"])
        if account is None:
            raise Http404(f"There is no account {self.kwargs['reference']}.")
        if account.external_id != self.kwargs["reference"]:
            return redirect("insights:account", reference=account.external_id)
        dossier = account_dossier(account=account)
        context = {"dossier": dossier, "brief": account_brief(dossier=dossier), "ranking": dossier.ranking}
        return self.render_to_response(self.get_context_data(**context))
