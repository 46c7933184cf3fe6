"""Logging feedback: what an agent types, what it may belong to, and what became of it."""

from typing import cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from feedback.models import Kind, Severity
from feedback.services.logging import Logged, LogRefusedError
from insights.models import Problem, Ranking
from insights.services.agent_logs import accounts_offered, feedback_log_to, logs_of, logs_take_back, problems_alike
from insights.services.bindings import CorrectionRefusedError
from insights.views.acting import Action, refused, said

FIELDS = ("text", "account", "contact_email", "contact_name", "kind", "severity", "link")
# What is read of a text that is still being typed.
READ = 5_000
DIGITS = 18


class MayLog(PermissionRequiredMixin, View):
    """For those who log feedback."""

    permission_required = "feedback.add_feedbackitem"
    raise_exception = True


class LogPage(MayLog):
    """The form, and below it what this agent logged last."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty form."""
        return _page(request, {"kind": Kind.REQUEST, "severity": Severity.UNKNOWN})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Log it; a button beside a problem names it in `problem`. What was typed stays when something is wrong."""
        typed = {name: request.POST.get(name, "") for name in FIELDS}
        key = request.POST.get("problem", "")
        problem = Problem.objects.live().with_key(key).first() if key else None
        if key and problem is None:
            return _page(request, typed, refusal=f"There is no problem {key[:20]} now.", status=422)
        logged = Logged(
            quotes=[quote for quote in request.POST.getlist("quote") if quote.strip()] or [typed["text"]],
            account=typed["account"],
            kind=typed["kind"],
            severity=typed["severity"],
            contact_email=typed["contact_email"],
            contact_name=typed["contact_name"],
            link=typed["link"],
        )
        try:
            items = feedback_log_to(logged=logged, problem=problem, author=cast("User", request.user))
        except (LogRefusedError, CorrectionRefusedError) as error:
            return _page(request, typed, refusal=str(error), status=422)
        what = "It is" if len(items) == 1 else f"{len(items)} quotes are"
        where = f"part of {problem.key} now" if problem else "logged; triage finds the problem"
        undo = reverse("insights:undo-log", query={"item": [item.pk for item in items]})
        said(request, f"{what} {where}.", undo=undo)
        return redirect("insights:log")


class LogAlike(MayLog):
    """The problems that a text may belong to, as a fragment; the text comes by POST, because it is long."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """The nearest problems."""
        text = request.POST.get("text", "").replace("\x00", "")[:READ]
        return render(request, "insights/_log_alike.html", {"alike": problems_alike(text=text), "text": text.strip()})


class LogAccounts(MayLog):
    """Accounts to choose from, as options."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Those that hold what is typed, the last ones first."""
        text = request.GET.get("account", "")[:200]
        offered = accounts_offered(text=text, author=cast("User", request.user))
        return render(request, "insights/_log_accounts.html", {"accounts": offered})


class UndoLog(Action):
    """What was logged by mistake goes."""

    permission_required = "feedback.add_feedbackitem"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the items of the address back."""
        ids = [int(text) for text in request.GET.getlist("item") if text.isdecimal() and len(text) <= DIGITS]
        try:
            count = logs_take_back(item_ids=ids, author=cast("User", request.user))
        except LogRefusedError as error:
            refused(request, str(error))
        else:
            said(request, f"Undone: {count} item{'s are' if count != 1 else ' is'} gone.")
        return redirect("insights:log")


def _page(request: HttpRequest, typed: dict[str, str], *, refusal: str = "", status: int = 200) -> HttpResponse:
    author = cast("User", request.user)
    context = {
        "ranking": Ranking.objects.first(),
        "typed": typed,
        "quotes": request.POST.getlist("quote"),
        "refusal": refusal,
        "kinds": Kind.choices,
        "severities": Severity.choices,
        "accounts": accounts_offered(text="", author=author),
        "alike": problems_alike(text=typed["text"][:READ]) if typed.get("text") else [],
        "text": typed.get("text", "").strip(),
        "logs": logs_of(author=author),
    }
    return render(request, "insights/log.html", context, status=status)
