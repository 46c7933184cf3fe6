"""Setting status, theme, owner and product area of problems on the desk: of one on its page, of many in the list."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from insights.models import Problem, ProblemEdit, Status, Theme
from insights.services.edits import EditRefusedError, problems_edit
from insights.views.acting import Action, back, refused, said

# What one page of the list can hold, several times over.
MOST = 500
# What a form may say for "nobody" and "none"; a blank leaves things as they are.
NOTHING = "none"
AREA_CHARACTERS = 60
DIGITS = 18


class UnreadableEditError(ValueError):
    """A form that says nothing that can be done. The text says why and what to do."""


class ProblemsEdit(Action):
    """Every problem that the form names (`key`, several times) gets what else it names; the rest stays."""

    permission_required = "insights.add_problemedit"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set it, and say so with the way back. A single control of the list gets only the notice."""
        try:
            keys, values, words = _read(request.POST)
            problems = _problems(keys)
            edit = problems_edit(problems=problems, values=values, author=request.user)
        except (UnreadableEditError, EditRefusedError) as error:
            refused(request, str(error))
            done = False
        else:
            _say(request, problems, words, edit)
            done = True
        if request.headers.get("HX-Request"):
            # What the control shows is not so: the page is asked for anew and brings the refusal.
            if not done:
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            return render(request, "insights/_notices.html", {"oob": True, "back": request.POST.get("next")})
        return back(request, otherwise=reverse("insights:ranking"))


def _read(form: QueryDict) -> tuple[list[str], dict[str, Any], list[str]]:
    """The keys, the values by column, and what each is in words."""
    keys = list(dict.fromkeys(form.getlist("key")))
    if not keys:
        raise UnreadableEditError("No problem is ticked: tick those to change.")
    if len(keys) > MOST:
        raise UnreadableEditError(f"At most {MOST} problems can be set at once.")
    values: dict[str, Any] = {}
    words = []
    for name, read in READERS.items():
        text = form.get(name, "").replace("\x00", "").strip()
        if text:
            column, value, said_as = read(text)
            values[column] = value
            words.append(said_as)
    if not values:
        raise UnreadableEditError("Choose what the ticked problems have now: a status, a theme, an owner or an area.")
    return keys, values, words


def _status(text: str) -> tuple[str, Any, str]:
    if text not in Status.values:
        raise UnreadableEditError(f"“{text[:20]}” is no status: choose one of {', '.join(Status.values)}.")
    return "status", text, str(Status(text).label).lower()


def _theme(text: str) -> tuple[str, Any, str]:
    if text == NOTHING:
        return "theme_id", None, "without a theme"
    theme = Theme.objects.filter(pk=_number(text)).first()
    if theme is None:
        raise UnreadableEditError("There is no such theme now: choose another.")
    return "theme_id", theme.pk, f"in the theme {theme}"


def _owner(text: str) -> tuple[str, Any, str]:
    if text == NOTHING:
        return "owner_id", None, "without an owner"
    person = User.objects.filter(pk=_number(text), is_active=True).first()
    if person is None:
        raise UnreadableEditError("There is nobody like that now: choose another owner.")
    return "owner_id", person.pk, f"looked after by {person.get_full_name() or person.get_username()}"


def _area(text: str) -> tuple[str, Any, str]:
    if text == NOTHING:
        return "area", "", "in no product area"
    if len(text) > AREA_CHARACTERS:
        raise UnreadableEditError(f"A product area has at most {AREA_CHARACTERS} characters.")
    return "area", " ".join(text.split()), f"in the product area {' '.join(text.split())}"


READERS = {"status": _status, "theme": _theme, "owner": _owner, "area": _area}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0


def _problems(keys: list[str]) -> list[Problem]:
    problems = list(Problem.objects.live().with_keys(keys))
    if len(problems) < len(keys):
        found = {problem.key for problem in problems}
        missing = next(key for key in keys if key not in found)
        raise UnreadableEditError(f"There is no problem {missing[:20]} now: nothing is changed.")
    return problems


def _say(request: HttpRequest, problems: list[Problem], words: list[str], edit: ProblemEdit | None) -> None:
    what = ", ".join(words)
    if edit is None:
        said(request, f"Nothing to change: {_these(problems)} {what} already.")
        return
    undo = reverse("insights:undo-edit", args=[edit.pk])
    said(request, f"{_these(list(edit.problems.all()))} {what} now.", undo=undo)


def _these(problems: list[Problem]) -> str:
    return f"{problems[0].key} is" if len(problems) == 1 else f"{len(problems)} problems are"
