"""What is set on problems from the desk: on one or on many, said, undone, and only by those who may."""

from collections.abc import Sequence

import pytest
from django.contrib.auth.models import User
from django.test import Client

from insights.models import Problem, ProblemEdit, Ranking, Theme


def _keys() -> list[str]:
    return [problem.key for problem in Problem.objects.order_by("pk")]


def test_many_are_set_at_once_and_undone_from_the_notice(planner: Client) -> None:
    keys = _keys()
    page = planner.get("/").text
    assert all(f'name="key" value="{key}"' in page for key in keys)
    body = {"key": keys[:3], "status": "planned", "next": "/?status=planned"}
    answer = planner.post("/edit/", body, follow=True)
    assert answer.redirect_chain == [("/?status=planned", 302)]
    assert "3 problems are planned now." in answer.text
    assert set(Problem.objects.filter(status="planned")) == set(Problem.objects.with_keys(keys[:3]))
    undo = f"/undo/edit/{ProblemEdit.objects.get().pk}/"
    assert f'action="{undo}"' in answer.text
    planner.post(undo)
    assert not Problem.objects.filter(status="planned").exists()


def test_one_is_set_on_its_own_page(planner: Client) -> None:
    key = _keys()[0]
    path = f"/problems/{key}/"
    assert '<option value="new" selected>' in planner.get(path).text
    answer = planner.post("/edit/", {"key": key, "status": "shipped", "next": path}, follow=True)
    assert f"{key} is shipped now." in answer.text
    assert '<option value="shipped" selected>' in answer.text
    again = planner.post("/edit/", {"key": key, "status": "shipped", "next": path}, follow=True)
    assert f"Nothing to change: {key} is shipped already." in again.text
    assert ProblemEdit.objects.count() == 1


@pytest.mark.parametrize(
    ("keys", "status", "why"),
    [
        ([], "planned", "No problem is ticked"),
        (["P-1"] * 2 + [f"P-{n}" for n in range(2, 503)], "planned", "At most 500 problems"),
        (["first"], "", "Choose what the ticked problems have now"),
        (["first"], "lost", "“lost” is no status: choose one of new, confirmed"),
        (["first", "P-99999999999999999999"], "planned", "There is no problem P-9999999999999999"),
        (["first", "<script>alert(1)</script>"], "planned", "There is no problem &lt;script&gt;"),
    ],
)
def test_what_cannot_be_set_is_answered_and_nothing_changes(
    planner: Client, keys: Sequence[str], status: str, why: str
) -> None:
    named = [_keys()[0] if key == "first" else key for key in keys]
    answer = planner.post("/edit/", {"key": named, "status": status}, follow=True)
    assert why in answer.text
    assert not ProblemEdit.objects.exists()


def test_who_may_not_is_not_offered_it_and_cannot(company: Ranking, browser: Client) -> None:
    key = _keys()[0]
    for path in ("/", f"/problems/{key}/"):
        assert '<button class="btn btn-sm btn-outline-secondary">Set' not in browser.get(path).text
    assert browser.post("/edit/", {"key": key, "status": "planned"}).status_code == 403
    assert not ProblemEdit.objects.exists()


def test_theme_owner_and_area_are_set_together_and_undone(planner: Client, manager: User) -> None:
    keys, theme = _keys()[:2], Theme.objects.create(name="Access")
    before = list(Problem.objects.order_by("pk").values_list("theme", "owner", "area", "themed_by"))
    body = {"key": keys, "status": "", "theme": theme.pk, "owner": manager.pk, "area": " Sign  in "}
    answer = planner.post("/edit/", body, follow=True)
    said = "2 problems are in the theme Access, looked after by manager, in the product area Sign in now."
    assert said in answer.text
    found = set(Problem.objects.with_keys(keys).values_list("theme__name", "owner__username", "area", "status"))
    assert found == {("Access", "manager", "Sign in", "new")}
    planner.post(f"/undo/edit/{ProblemEdit.objects.get().pk}/")
    assert list(Problem.objects.order_by("pk").values_list("theme", "owner", "area", "themed_by")) == before
    planner.post("/edit/", body)
    planner.post("/edit/", {"key": keys, "theme": "none", "owner": "none", "area": "none"})
    assert Problem.objects.with_keys(keys).filter(theme=None, owner=None, area="", status="new").count() == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"theme": "999999"}, "There is no such theme now"),
        ({"theme": "x"}, "There is no such theme now"),
        ({"owner": "9" * 30}, "There is nobody like that now"),
        ({"area": "x" * 61}, "A product area has at most 60 characters."),
    ],
)
def test_what_is_not_there_cannot_be_set(planner: Client, change: dict[str, str], why: str) -> None:
    answer = planner.post("/edit/", {"key": _keys()[0], "status": "planned", **change}, follow=True)
    assert why in answer.text
    assert not ProblemEdit.objects.exists()


def test_a_control_of_a_row_gets_only_the_notice(planner: Client) -> None:
    key, wire = _keys()[0], {"HX-Request": "true"}
    answer = planner.post("/edit/", {"key": key, "status": "shipped", "next": "/?status=all"}, headers=wire)
    assert f"{key} is shipped now." in answer.text
    assert 'value="/?status=all"' in answer.text
    assert "<html" not in answer.text
    refused = planner.post("/edit/", {"key": "P-999", "status": "shipped"}, headers=wire)
    assert (refused.status_code, refused.headers["HX-Refresh"]) == (204, "true")
    assert "There is no problem P-999 now" in planner.get("/").text
