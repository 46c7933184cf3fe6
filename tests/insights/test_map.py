"""The map and the tree of themes."""

import re
from decimal import Decimal

from django.test import Client

from insights.models import Problem, Ranking, Theme
from insights.services.mapping import landscape_of


def problem(topic: str) -> Problem:
    """The problem of a topic."""
    found: Problem = Problem.objects.get(memberships__item__external_id=f"{topic}-0")
    return found


def test_a_run_lays_out_the_map(company: Ranking) -> None:
    places = Problem.objects.values_list("map_x", "map_y")
    assert len(set(places)) == 4
    assert Problem.objects.filter(map_x__range=(0, 1), map_y__range=(0, 1)).count() == 4


def test_the_tree_counts_every_customer_of_a_theme_once(company: Ranking) -> None:
    access = Theme.objects.create(name="Access and reports")
    Problem.objects.filter(pk__in=[problem("sso").pk, problem("export").pk]).update(theme=access)
    landscape = landscape_of(ranking=company)
    branch = next(branch for branch in landscape.branches if branch.name == access.name)
    assert (branch.problems, branch.customers, branch.arr) == (2, 3, Decimal("543000.00"))
    assert sum(branch.share for branch in landscape.branches) == 1
    assert [branch.score for branch in landscape.branches] == sorted(
        (branch.score for branch in landscape.branches), reverse=True
    )
    assert sum(branch.problems for branch in landscape.branches) == len(landscape.bubbles) == 4


def test_the_page_draws_areas_by_score_and_leads_to_the_problems(company: Ranking, browser: Client) -> None:
    Problem.objects.filter(pk=problem("dark").pk).update(map_x=None, map_y=None)
    page = browser.get("/map/").text
    radius = dict(re.findall(r'href="/problems/(P-\d+)/" aria-label.*?r="([\d.]+)"', page, re.DOTALL))
    scores = {entry.problem.key: entry.score for entry in company.entries.select_related("problem")}
    del scores[problem("dark").key]
    assert set(radius) == set(scores)
    best = max(scores, key=lambda key: scores[key])
    for key, score in scores.items():
        area = (float(radius[key]) / float(radius[best])) ** 2
        # Those that would be too small to hit are drawn larger.
        assert abs(area - float(score / scores[best])) < 0.01 or float(radius[key]) == 5
    assert "1 problem comes onto the map with the next regrouping." in page


def test_before_a_run_it_says_so(browser: Client) -> None:
    assert "Nothing is on the map yet" in browser.get("/map/").text
