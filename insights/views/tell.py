"""Telling the people who asked what became of a problem: whom, in which words, looked at before anything is sent."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views import View

from insights.models import Problem, Ranking, Status, Told
from insights.services.cells import cell
from insights.services.drafts import GAPS, GROUPS, Draft, DraftRefusedError, Group, draft_checked, draft_of
from insights.services.telling import (
    Asked,
    Asker,
    TellRefusedError,
    askers_of,
    can_send,
    letter_to,
    news_of,
    people_tell,
    told_again,
    told_take_back,
)
from insights.views.acting import said

# People on one page; the others follow when these are told.
MOST = 200
TOLD = 100
COLUMNS = ("email", "name", "account", "subject", "body")


@dataclass(frozen=True)
class Addressed:
    """A group of people, the draft to them, and which of them are ticked."""

    group: Group
    draft: Draft
    people: Sequence[tuple[Asker, bool]]

    @property
    def ticked(self) -> int:
        """How many are ticked."""
        return sum(ticked for _, ticked in self.people)


class TellPage(PermissionRequiredMixin, View):
    """Who asked, by group, with a draft for each; `do` says what becomes of the form."""

    permission_required = "insights.add_told"
    raise_exception = True
    asked: Asked | None = None

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The people who were not told yet, with drafts to start from, and those who were."""
        problem = _problem(key)
        news = news_of(problem)
        return render(request, "insights/tell.html", self._context(problem, news, self._fresh(problem, news)))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Look at the letters, send them, export them, send again, or take an export back."""
        problem = _problem(key)
        do = request.POST.get("do", "")
        if do == "again":
            count = told_again(problem=problem)
            said(request, f"{count} letter{'s are' if count != 1 else ' is'} sent again.")
            return redirect("insights:tell", key=problem.key)
        if do == "take-back":
            count = told_take_back(problem=problem)
            said(request, f"{count} {'people count' if count != 1 else 'person counts'} as not told.")
            return redirect("insights:tell", key=problem.key)
        return self._with_form(request, problem, do)

    def _with_form(self, request: HttpRequest, problem: Problem, do: str) -> HttpResponse:
        news = news_of(problem)
        addressed = self._sent(problem, news)
        context = self._context(problem, news, addressed)
        drafts: dict[str, Draft] = {}
        try:
            for one in addressed:
                if one.ticked:
                    drafts[one.group.name] = draft_checked(subject=one.draft.subject, body=one.draft.body)
        except DraftRefusedError as error:
            return render(request, "insights/tell.html", {**context, "refusal": str(error)}, status=422)
        people = [asker for one in addressed for asker, ticked in one.people if ticked]
        if news is None or not people:
            return render(request, "insights/tell.html", {**context, "refusal": "Nobody is ticked."}, status=422)
        if do not in {"send", "export"}:
            letters = [(asker, letter_to(asker, drafts[asker.group.name], problem)) for asker in people]
            return render(request, "insights/tell_preview.html", {**context, "letters": letters})
        wanted = request.POST.get("news", "")
        try:
            told = people_tell(
                problem=problem,
                news=Status(wanted) if wanted in Status.values else news,
                people=people,
                drafts=drafts,
                author=cast("User", request.user),
                send=do == "send",
            )
        except TellRefusedError as error:
            return render(request, "insights/tell.html", {**context, "refusal": str(error)}, status=422)
        if do == "export":
            return _file(problem, told, {asker.email: asker for asker in people})
        said(request, f"{len(told)} letter{'s are' if len(told) != 1 else ' is'} on the way.")
        return redirect("insights:tell", key=problem.key)

    def _fresh(self, problem: Problem, news: Status | None) -> list[Addressed]:
        """Everybody ticked but those whose company has left, and the drafts to start from."""
        author = cast("User", self.request.user)
        signature = author.get_full_name() or author.get_username()
        if news is None:
            return []
        return [
            Addressed(
                group, draft_of(news=news, group=group, author=signature), [(one, not one.left) for one in people]
            )
            for group, people in self._people(problem, news)
        ]

    def _sent(self, problem: Problem, news: Status | None) -> list[Addressed]:
        """As the form says."""
        ticked = set(self.request.POST.getlist("email"))
        return [
            Addressed(
                group,
                Draft(
                    self.request.POST.get(f"subject-{group.name}", ""), self.request.POST.get(f"body-{group.name}", "")
                ),
                [(one, one.email in ticked) for one in people],
            )
            for group, people in self._people(problem, news)
        ]

    def _people(self, problem: Problem, news: Status | None) -> list[tuple[Group, list[Asker]]]:
        """Those who can be told now, by group."""
        self.asked = askers_of(problem=problem, news=news) if news else None
        shown = self.asked.people[:MOST] if self.asked else []
        by_group = [(group, [one for one in shown if one.group == group]) for group in GROUPS]
        return [(group, people) for group, people in by_group if people]

    def _context(self, problem: Problem, news: Status | None, addressed: list[Addressed]) -> dict[str, Any]:
        told = Told.objects.about(problem)
        return {
            "problem": problem,
            "ranking": Ranking.objects.first(),
            "news": news,
            "addressed": addressed,
            "ticked": sum(one.ticked for one in addressed),
            "later": max(len(self.asked.people) - MOST, 0) if self.asked else 0,
            "without_address": self.asked.without_address if self.asked else [],
            "gaps": GAPS.items(),
            "can_send": can_send(),
            "told": told.select_related("author")[:TOLD],
            "told_count": told.count(),
            "waiting": told.queued().count(),
            "open_ended": told.open_ended().count(),
            "exported": told.last_export().count(),
        }


def _problem(key: str) -> Problem:
    problem = Problem.objects.live().with_key(key).first()
    if problem is None:
        raise Http404(f"There is no problem {key} now.")
    return problem


def _file(problem: Problem, told: Sequence[Told], people: dict[str, Asker]) -> HttpResponse:
    """The letters as a file for a mail merge."""
    name = f"{problem.key}-{slugify(problem.status)}-letters.csv"
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for one in told:
        asker = people[one.email]
        writer.writerow([cell(text) for text in (one.email, asker.name, asker.account, one.subject, one.body)])
    return answer
