"""What people write about a problem on its page: its job, its estimates, its discovery card."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from insights.models import DiscoveryAnswer, Problem
from insights.services.discovery import AnswerRefusedError, discovery_answer, discovery_take_back
from insights.services.edits import ESTIMATES, JOB, EditRefusedError, problems_edit
from insights.views.acting import Action, back, refused, said


class FactsForm(forms.ModelForm):  # type: ignore[type-arg]
    """The columns that the page offers."""

    class Meta:
        model = Problem
        fields = (*JOB, *ESTIMATES)


class ProblemFacts(Action):
    """The job statement and the estimates are what the form says; what it leaves out stays."""

    permission_required = "insights.add_problemedit"

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Set them, and say so with the way back."""
        problem = _problem(key)
        form = FactsForm(request.POST)
        here = reverse("insights:problem", args=[problem.key])
        if not form.is_valid():
            name, why = next(iter(form.errors.items()))
            refused(request, f"{form.fields[name].label}: {' '.join(map(str, why))} Nothing is changed.")
            return back(request, otherwise=here)
        values: dict[str, Any] = {name: form.cleaned_data[name] for name in form.fields if name in request.POST}
        try:
            edit = problems_edit(problems=[problem], values=values, author=request.user)
        except EditRefusedError as error:
            refused(request, str(error))
        else:
            if edit is None:
                said(request, "Nothing to change: it is so already.")
            else:
                undo = reverse("insights:undo-edit", args=[edit.pk])
                said(request, f"{problem.key} is as you wrote it. No run rewrites that.", undo=undo)
        return back(request, otherwise=here)


class DiscoveryAnswered(Action):
    """A question of the discovery card has this answer."""

    permission_required = "insights.add_discoveryanswer"

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Store it, and say so with the way back."""
        problem = _problem(key)
        try:
            answer = discovery_answer(
                problem=problem,
                question=request.POST.get("question", ""),
                text=request.POST.get("text", ""),
                author=cast("User", request.user),
            )
        except AnswerRefusedError as error:
            refused(request, str(error))
        else:
            if answer is not None:
                undo = reverse("insights:undo-discovery", args=[answer.pk])
                said(request, f"{answer.get_question_display()} Answered.", undo=undo)
        return back(request, otherwise=reverse("insights:problem", args=[problem.key]))


class DiscoveryUndo(Action):
    """The answer before counts again."""

    permission_required = "insights.add_discoveryanswer"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take one answer back."""
        try:
            discovery_take_back(answer=get_object_or_404(DiscoveryAnswer, pk=pk))
        except AnswerRefusedError as error:
            refused(request, str(error))
        else:
            said(request, "Undone: the answer is what it was before.")
        return back(request, otherwise=reverse("insights:ranking"))


def _problem(key: str) -> Problem:
    problem = Problem.objects.live().with_key(key).first()
    if problem is None:
        raise Http404(f"There is no problem {key} now.")
    return problem
