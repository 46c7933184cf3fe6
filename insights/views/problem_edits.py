"""Setting the status of problems on the desk: of one on its page, of many in the list."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from insights.models import Problem, Status
from insights.services.edits import EditRefusedError, problems_edit
from insights.views.acting import Action, back, refused, said

# What one page of the list can hold, several times over.
MOST = 500


class StatusSet(Action):
    """Every problem that the form names (`key`, several times) has this status."""

    permission_required = "insights.add_problemedit"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set it, and say so with the way back."""
        keys = list(dict.fromkeys(request.POST.getlist("key")))
        status = request.POST.get("status", "")
        why = _wrong(keys, status)
        problems = [] if why else list(Problem.objects.with_keys(keys).filter(merged_into=None))
        if not why and len(problems) < len(keys):
            found = {problem.key for problem in problems}
            why = f"There is no problem {next(key for key in keys if key not in found)[:20]} now: nothing is changed."
        if why:
            refused(request, why)
        else:
            _set(request, problems, Status(status))
        return back(request, otherwise=reverse("insights:ranking"))


def _wrong(keys: list[str], status: str) -> str:
    """Why the form says nothing that can be done; empty when it does."""
    if not keys:
        return "No problem is ticked: tick those that have another status now."
    if len(keys) > MOST:
        return f"At most {MOST} problems can be set at once."
    if not status:
        return "Choose the status that the ticked problems have now."
    if status not in Status.values:
        return f"“{status[:20]}” is no status: choose one of {', '.join(Status.values)}."
    return ""


def _set(request: HttpRequest, problems: list[Problem], status: Status) -> None:
    try:
        edit = problems_edit(problems=problems, values={"status": status.value}, author=request.user)
    except EditRefusedError as error:
        refused(request, str(error))
        return
    word = str(status.label).lower()
    if edit is None:
        said(request, f"Nothing to change: {_these(problems)} {word} already.")
        return
    undo = reverse("insights:undo-edit", args=[edit.pk])
    said(request, f"{_these(list(edit.problems.all()))} {word} now.", undo=undo)


def _these(problems: list[Problem]) -> str:
    return f"{problems[0].key} is" if len(problems) == 1 else f"{len(problems)} problems are"
