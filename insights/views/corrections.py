"""Correcting the grouping by hand: merge, split, move, rename. Each page says what would change before it does."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from customers.services.rates import MissingRateError
from feedback.models import FeedbackItem
from insights.models import Correction, Membership, Problem, Ranking
from insights.querysets import MembershipQuerySet
from insights.services.bindings import CorrectionRefusedError
from insights.services.corrections import items_move, problem_merge, problem_rename, problem_split
from insights.services.effects import effects_of
from insights.services.nearness import members_leaning, problems_near, problems_near_items
from insights.views.acting import Action, back, refused, said

CANDIDATES = 12
# What a choice consists of, on whichever page.
CHOICES = ("key", "into", "item", "to", "title")
# Items that a form can name: more than anybody ticks.
MOST = 500
SUGGESTED = 25
QUOTES = 5
TITLE_FROM_QUOTE = 80


class CorrectionPage(PermissionRequiredMixin, View):
    """Says with GET what would change, and does it with POST."""

    permission_required = "insights.add_correction"
    raise_exception = True
    template_name: str

    @abstractmethod
    def decisions(self, choice: QueryDict) -> Callable[[], list[Correction]] | None:
        """What the choice amounts to; None while something is still to be chosen."""

    @abstractmethod
    def shown(self, choice: QueryDict) -> dict[str, Any]:
        """What the page needs to show the choice."""

    @abstractmethod
    def done(self, corrections: Sequence[Correction], key: str) -> str:
        """What was done, in words; `key` is the problem that has the items now."""

    @property
    def author(self) -> User:
        """Who decides."""
        return cast("User", self.request.user)

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """The choice, and what it would change."""
        del kwargs
        self.prepare(request.GET)
        decide = self.decisions(request.GET)
        context: dict[str, Any] = {"ranking": Ranking.objects.first(), "ready": decide is not None}
        if decide is not None:
            try:
                context["effects"] = effects_of(decide)
            except CorrectionRefusedError as error:
                context |= {"ready": False, "refusal": str(error)}
            except MissingRateError as error:
                context["uncounted"] = str(error)
        return render(request, self.template_name, {**context, **self.shown(request.GET)})

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Do it, and say so with the way back."""
        del kwargs
        self.prepare(request.POST)
        decide = self.decisions(request.POST)
        if decide is None:
            return self._again()
        try:
            with transaction.atomic():
                corrections = decide()
        except CorrectionRefusedError as error:
            refused(request, str(error))
            return self._again()
        key = f"P-{corrections[0].problem_id}"
        newest, *earlier = [correction.pk for correction in reversed(corrections)]
        undo = reverse("insights:undo-correction", args=[newest], query={"also": earlier} if earlier else None)
        said(request, self.done(corrections, key), undo=undo)
        return redirect("insights:problem", key=key)

    def prepare(self, choice: QueryDict) -> None:
        """Look up what the address and the choice name."""

    def _again(self) -> HttpResponse:
        """The page with the same choice."""
        choice = QueryDict(mutable=True)
        for name in CHOICES:
            choice.setlist(name, self.request.POST.getlist(name))
        return HttpResponseRedirect(f"{self.request.path}?{choice.urlencode()}")


class MergePage(CorrectionPage):
    """Problems (`key`, one or several) become part of another (`into`)."""

    template_name = "insights/merge.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: str) -> HttpResponseBase:
        """Whoever names none is told where to tick them."""
        allowed = self.has_permission()
        if allowed and not (request.GET.getlist("key") or request.POST.getlist("key")):
            refused(request, "No problem is ticked: tick those that are one.")
            return redirect("insights:ranking")
        return super().dispatch(request, *args, **kwargs)

    def prepare(self, choice: QueryDict) -> None:
        """The problems of the keys, as they come in the list."""
        keys = list(dict.fromkeys(choice.getlist("key")))[:MOST]
        found = {problem.key: problem for problem in Problem.objects.live().with_keys(keys)}
        missing = [key for key in keys if key not in found]
        if missing:
            raise Http404(f"There is no problem {missing[0][:20]} now.")
        self.problems = [found[key] for key in keys]
        target = Problem.objects.live().with_key(choice.get("into", "")).first()
        self.target = None if self.problems == [target] else target

    def decisions(self, choice: QueryDict) -> Callable[[], list[Correction]] | None:
        """One merge for each problem but the target."""
        del choice
        target, leaving = self.target, self._leaving()
        if target is None:
            return None
        return lambda: [problem_merge(problem=problem, target=target, author=self.author) for problem in leaving]

    def shown(self, choice: QueryDict) -> dict[str, Any]:
        """The problems, what they could become part of, and a few quotes of each."""
        leaving = self._leaving()
        several = len(self.problems) > 1
        words = choice.get("find", "")[:200]
        if several:
            candidates = self.problems
        elif words:
            candidates = list(Problem.objects.live().searched(words).exclude(pk=self.problems[0].pk)[:CANDIDATES])
        else:
            candidates = problems_near(problem=self.problems[0], count=CANDIDATES)
        return {
            "problems": self.problems,
            "leaving": leaving,
            "target": self.target,
            "candidates": candidates,
            "find": words,
            "sides": [(problem, _quotes(problem)) for problem in [*leaving, self.target] if problem][:3],
        }

    def done(self, corrections: Sequence[Correction], key: str) -> str:
        """What became part of what."""
        keys = " and ".join(problem.key for problem in self._leaving())
        return f"{keys} {'is' if len(corrections) == 1 else 'are'} part of {key} now."

    def _leaving(self) -> list[Problem]:
        return [problem for problem in self.problems if problem != self.target]


class ProblemCorrectionPage(CorrectionPage):
    """A correction of the problem in the address that concerns some of its items (`item`)."""

    problem: Problem

    def prepare(self, choice: QueryDict) -> None:
        """The problem, and which of its members were picked."""
        problem = Problem.objects.live().with_key(self.kwargs["key"]).first()
        if problem is None:
            raise Http404(f"There is no problem {self.kwargs['key']} now.")
        self.problem = problem
        wanted = [int(text) for text in choice.getlist("item")[:MOST] if text.isascii() and text.isdecimal()]
        members = problem.memberships.evidence().filter(item__in=[pk for pk in wanted if pk < 2**63])
        self.picked: list[Membership] = list(members)

    @property
    def items(self) -> list[FeedbackItem]:
        """The picked items."""
        return [membership.item for membership in self.picked]


class SplitPage(ProblemCorrectionPage):
    """Picked items leave for a new problem; the engine suggests who else would."""

    template_name = "insights/split.html"

    def decisions(self, choice: QueryDict) -> Callable[[], list[Correction]] | None:
        """One split, once items are picked."""
        title = choice.get("title", "").strip() or self._title()
        if not self.picked:
            return None
        return lambda: [problem_split(problem=self.problem, items=self.items, title=title, author=self.author)]

    def shown(self, choice: QueryDict) -> dict[str, Any]:
        """The picked quotes, the suggested ones, and some of those that stay."""
        picked = {membership.item_id for membership in self.picked}
        leaning = members_leaning(problem=self.problem, picked=picked, count=SUGGESTED)
        suggested = {one.item_id: one for one in self.problem.memberships.evidence().filter(item__in=leaning)}
        staying = self.problem.memberships.exclude(item__in=[*picked, *leaning])
        return {
            "problem": self.problem,
            "picked": self.picked,
            "suggested": [suggested[pk] for pk in leaning if pk in suggested],
            "staying": staying.evidence().order_by("-confidence", "item_id")[:QUOTES],
            "stays": staying.count(),
            "title": choice.get("title", "").strip() or self._title(),
        }

    def done(self, corrections: Sequence[Correction], key: str) -> str:
        """The key of the new problem."""
        del corrections
        return f"{key} is a problem of its own now, split off {self.problem.key}."

    def _title(self) -> str:
        """The first words of the surest quote: something to improve on."""
        if not self.picked:
            return ""
        words = " ".join(max(self.picked, key=lambda one: one.confidence).item.text.split())
        return words if len(words) <= TITLE_FROM_QUOTE else words[:TITLE_FROM_QUOTE].rsplit(" ", 1)[0]


class MovePage(ProblemCorrectionPage):
    """Picked items go to another problem (`to`), or stay for good in the one that they are in."""

    template_name = "insights/move.html"

    def prepare(self, choice: QueryDict) -> None:
        """Also the problem that they go to."""
        super().prepare(choice)
        self.target = Problem.objects.live().with_key(choice.get("to", "")).first()

    def decisions(self, choice: QueryDict) -> Callable[[], list[Correction]] | None:
        """One move, once there is something to move and somewhere to go."""
        del choice
        target = self.target
        if target is None or not self.picked:
            return None
        return lambda: [items_move(items=self.items, target=target, author=self.author)]

    def shown(self, choice: QueryDict) -> dict[str, Any]:
        """The picked quotes and where they could go."""
        words = choice.get("find", "")[:200]
        ids = [membership.item_id for membership in self.picked]
        candidates = (
            list(Problem.objects.live().searched(words).exclude(pk=self.problem.pk)[:CANDIDATES])
            if words
            else problems_near_items(item_ids=ids, problem=self.problem, count=CANDIDATES)
        )
        return {
            "problem": self.problem,
            "picked": self.picked,
            "target": self.target,
            "stays": self.target == self.problem,
            "candidates": candidates,
            "find": words,
            "there": _quotes(self.target) if self.target and self.target != self.problem else [],
        }

    def done(self, corrections: Sequence[Correction], key: str) -> str:
        """How many moved where."""
        count = len(corrections[0].before["memberships"])
        items = "1 item is" if count == 1 else f"{count} items are"
        return f"{items} {'pinned to' if key == self.problem.key else 'in'} {key} now."


class Rename(Action):
    """The problem has the title that the form names."""

    permission_required = "insights.add_correction"

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Rename it, and say so with the way back."""
        problem = Problem.objects.with_key(key).first()
        if problem is None:
            raise Http404(f"There is no problem {key}.")
        try:
            correction = problem_rename(
                problem=problem, title=request.POST.get("title", ""), author=cast("User", request.user)
            )
        except CorrectionRefusedError as error:
            refused(request, str(error))
        else:
            undo = reverse("insights:undo-correction", args=[correction.pk])
            said(request, f"{problem.key} has a new title, which no run changes.", undo=undo)
        return back(request, otherwise=reverse("insights:problem", args=[problem.key]))


def _quotes(problem: Problem) -> MembershipQuerySet:
    return problem.memberships.evidence().order_by("-confidence", "item_id")[:QUOTES]
