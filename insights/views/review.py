"""The review inbox: proposals and questions of the last run, one at a time, each with what the answer would change."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from customers.services.rates import MissingRateError
from insights.models import Correction, Membership, Proposal, Question, Ranking, Run
from insights.models.proposals import ProposalKind
from insights.querysets import MembershipQuerySet
from insights.services.bindings import CorrectionRefusedError
from insights.services.effects import Effect, effects_of
from insights.services.proposals import (
    AlreadyDecidedError,
    decision_take_back,
    proposal_accept,
    proposal_reject,
    question_answer,
)
from insights.views.acting import Action, refused, said

QUOTES = 5
# No row number is longer.
DIGITS = 18
# What an address calls them, in the order in which they are asked.
KINDS: dict[str, type[Proposal] | type[Question]] = {"proposal": Proposal, "question": Question}
WORDS = {"accept": "Accepted", "reject": "Rejected: it is not proposed again"}
ANSWERS = {"accept": "The same problem, then", "reject": "Not the same problem, then"}


class ReviewPage(PermissionRequiredMixin, TemplateView):
    """What waits for an answer, the most useful first; `after` names the one that was looked at last."""

    permission_required = "insights.add_correction"
    raise_exception = True
    template_name = "insights/review.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The one to decide now, how far one has come, and what each answer would change."""
        kind, decidable = _named(self.request.GET.get("at", "")) or _next(self.request.GET.get("after", ""))
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        left = sum(model.objects.open().count() for model in KINDS.values())
        decided = sum(model.objects.decided_since(midnight).count() for model in KINDS.values())
        context = {
            **super().get_context_data(**kwargs),
            "ranking": Ranking.objects.first(),
            "run": Run.objects.published().first(),
            "left": left,
            "decided": decided,
            # As text: a browser does not read a number with separators.
            "progress": (str(decided), str(decided + left)),
            "kind": kind,
            "decidable": decidable,
        }
        author = cast("User", self.request.user)
        if isinstance(decidable, Proposal):
            return {**context, **_proposal(decidable, author)}
        return {**context, **_question(decidable, author)} if decidable else context


class Decide(Action):
    """A yes or a no (`answer`: accept or reject)."""

    permission_required = "insights.add_correction"

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """Take the answer, say so with the way back, and go on to the next."""
        decidable = _found(kind, pk)
        answer = request.POST.get("answer", "")
        if answer not in WORDS:
            refused(request, "Accept or reject it: nothing is changed.")
            return redirect("insights:review")
        try:
            _decide(decidable, answer, cast("User", request.user))
        except (AlreadyDecidedError, CorrectionRefusedError) as error:
            refused(request, str(error))
        else:
            words = (WORDS if isinstance(decidable, Proposal) else ANSWERS)[answer]
            said(request, f"{words}.", undo=reverse("insights:undo-decision", args=[kind, pk]))
        return redirect(reverse("insights:review", query={"after": f"{kind}-{pk}"}))


class UndoDecision(Action):
    """It waits for an answer again."""

    permission_required = "insights.add_correction"

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """Take the answer back, and show what was asked again."""
        decidable = _found(kind, pk)
        try:
            decision_take_back(decidable=decidable)
        except (AlreadyDecidedError, CorrectionRefusedError) as error:
            refused(request, str(error))
            return redirect("insights:review")
        said(request, "Undone: it waits for an answer again.")
        return redirect(reverse("insights:review", query={"at": f"{kind}-{pk}"}))


def _found(kind: str, pk: int) -> Proposal | Question:
    if kind not in KINDS:
        raise Http404(f"There is no {kind[:20]} to decide.")
    found: Proposal | Question = get_object_or_404(KINDS[kind].objects.all(), pk=pk)
    return found


def _named(text: str, *, among: str = "open") -> tuple[str, Proposal | Question] | None:
    """The one that a text such as `proposal-12` names, if it waits; `among` "all": whether it waits or not."""
    kind, _, number = text.partition("-")
    if kind not in KINDS or not (number.isascii() and number.isdecimal()) or len(number) > DIGITS:
        return None
    rows = KINDS[kind].objects.filter(pk=int(number))
    found = (rows.open() if among == "open" else rows).first()
    return (kind, found) if found else None


def _next(after: str) -> tuple[str, Proposal | Question | None]:
    """The first one that waits behind `after`, or of all: proposals first, then questions."""
    named = _named(after, among="all")
    last = named[1] if named else None
    if isinstance(last, Question):
        return "question", Question.objects.open().behind(last).first()
    proposals = Proposal.objects.open()
    proposal = (proposals.behind(last) if last else proposals).first()
    return ("proposal", proposal) if proposal else ("question", Question.objects.open().first())


def _decide(decidable: Proposal | Question, answer: str, author: User) -> None:
    if isinstance(decidable, Question):
        question_answer(question=decidable, same=answer == "accept", author=author)
    elif answer == "accept":
        proposal_accept(proposal=decidable, author=author)
    else:
        proposal_reject(proposal=decidable, author=author)


def _proposal(proposal: Proposal, author: User) -> dict[str, Any]:
    """The two columns of quotes, and what accepting changes."""
    leaving = Membership.objects.evidence().filter(item__in=proposal.item_ids[:QUOTES])
    staying = _surest(proposal.problem.memberships.exclude(item__in=proposal.item_ids))
    to = _surest(proposal.target.memberships.all()) if proposal.target else staying
    moves = len(proposal.item_ids)
    if proposal.kind == ProposalKind.MERGE:
        leaving = _surest(proposal.problem.memberships.all())
    effects, refusal = _effects(lambda: [proposal_accept(proposal=proposal, author=author)])
    return {
        "proposal": proposal,
        "left_quotes": leaving,
        "right_quotes": to,
        "moves": moves,
        "effects": effects,
        "ready": not refusal,
        "refusal": refusal,
    }


def _question(question: Question, author: User) -> dict[str, Any]:
    """The two items with the problems that they are in, and what each answer changes."""
    homes = {one.item_id: one for one in Membership.objects.evidence().filter(item__in=[question.item, question.other])}
    yes, not_yes = _effects(lambda: [question_answer(question=question, same=True, author=author)])
    no, not_no = _effects(lambda: [question_answer(question=question, same=False, author=author)])
    return {
        "question": question,
        "pair": [(item, homes.get(item.pk)) for item in (question.item, question.other)],
        "answers": [
            ("accept", "a", "The same problem", yes, not_yes),
            ("reject", "r", "Two problems", no, not_no),
        ],
    }


def _effects(decide: Callable[[], list[Correction]]) -> tuple[list[Effect], str]:
    try:
        return effects_of(decide), ""
    except MissingRateError:
        # The answer can be given all the same.
        return [], ""
    except (AlreadyDecidedError, CorrectionRefusedError) as error:
        return [], str(error)


def _surest(memberships: MembershipQuerySet) -> MembershipQuerySet:
    return memberships.evidence().order_by("-confidence", "item_id")[:QUOTES]
