"""Themes of problems: stored, named, kept from run to run, overruled by people."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from insights.models import Problem, Ranking, Theme
from insights.models.problems import Author
from insights.services.due import regroup_queue
from insights.services.theming import themes_assign
from insights.services.triage import TriageSummary

NAMES = ["Exports", "Sign-in", "Exports", "Invoices", "Night shifts", "Printing"]


def _problems(count: int) -> list[Problem]:
    return [Problem.objects.create(title=f"Problem {n}") for n in range(count)]


def _assign(problems: list[Problem], numbers: list[int]) -> dict[str, list[int]]:
    """Theme names to the places of the problems in them."""
    themes_assign(theme_of={each.pk: number for each, number in zip(problems, numbers, strict=True)}, names=NAMES)
    found: dict[str, list[int]] = {}
    for place, problem in enumerate(problems):
        theme = Problem.objects.get(pk=problem.pk).theme
        assert theme is not None
        found.setdefault(theme.name, []).append(place)
    return found


@pytest.mark.django_db
def test_every_problem_gets_a_theme_and_no_two_themes_one_name() -> None:
    assert _assign(_problems(4), [0, 1, 2, 0]) == {"Exports": [0, 3], "Sign-in": [1], "Exports 2": [2]}


@pytest.mark.django_db
def test_a_theme_keeps_its_name_while_most_of_its_problems_stay() -> None:
    problems = _problems(5)
    _assign(problems, [0, 0, 0, 1, 1])
    before = dict(Theme.objects.values_list("name", "pk"))
    # The numbers of a run mean nothing by themselves: 3 is now what 0 was.
    assert _assign(problems, [3, 3, 1, 1, 1]) == {"Exports": [0, 1], "Sign-in": [2, 3, 4]}
    assert dict(Theme.objects.values_list("name", "pk")) == before


@pytest.mark.django_db
def test_a_theme_that_falls_apart_goes_and_its_parts_get_names_of_their_own() -> None:
    problems = _problems(3)
    _assign(problems, [0, 0, 0])
    assert _assign(problems, [1, 3, 4]) == {"Sign-in": [0], "Invoices": [1], "Night shifts": [2]}
    assert not Theme.objects.filter(name="Exports").exists()


@pytest.mark.django_db
def test_what_a_person_chose_stays(admin_client: Client) -> None:
    problems = _problems(2)
    _assign(problems, [0, 0])
    admin_client.post(reverse("admin:insights_theme_add"), {"name": "Ours"})
    ours = Theme.objects.get(name="Ours")
    page = reverse("admin:insights_problem_change", args=[problems[0].pk])
    answer = admin_client.post(page, {"title": "Problem 0", "status": "new", "theme": ours.pk})
    assert answer.status_code == 302
    assert Problem.objects.get(pk=problems[0].pk).themed_by == Author.PERSON

    assert _assign(problems, [1, 1]) == {"Ours": [0], "Exports": [1]}
    Problem.objects.update(theme=None, themed_by=Author.PERSON)
    themes_assign(theme_of={}, names=[])
    assert [theme.name for theme in Theme.objects.all()] == ["Ours"]


class AnyRuns(TestCase):
    """Hypothesis needs a rollback around every example."""

    @given(runs=st.lists(st.lists(st.integers(0, 5), min_size=6, max_size=6), min_size=1, max_size=4))
    def test_problems_of_one_number_share_a_theme_and_others_do_not(self, runs: list[list[int]]) -> None:
        problems = _problems(6)
        for numbers in runs:
            found = _assign(problems, numbers)
            wanted = {tuple(place for place in range(6) if numbers[place] == number) for number in numbers}
            assert {tuple(places) for places in found.values()} == wanted
            assert Theme.objects.count() == len(wanted)


def test_a_run_names_themes_and_the_next_one_keeps_them(company: Ranking, drain: Callable[[], TriageSummary]) -> None:
    before = dict(Problem.objects.live().values_list("pk", "theme__name"))
    assert None not in before.values()
    regroup_queue()
    drain()
    assert dict(Problem.objects.live().values_list("pk", "theme__name")) == before
