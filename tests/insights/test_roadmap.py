"""The roadmap: shares that add up, every customer once in each column."""

import re
from decimal import Decimal

from django.test import Client

from insights.models import Problem, Ranking, Status
from insights.services.edits import problems_edit
from insights.services.roadmap import roadmap_of


def problem(topic: str) -> Problem:
    """The problem of a topic."""
    found: Problem = Problem.objects.get(memberships__item__external_id=f"{topic}-0")
    return found


def test_each_column_counts_every_customer_once(company: Ranking) -> None:
    # A1 asks for both of them, A0 for one, A2 for the other.
    problems_edit(problems=[problem("sso"), problem("export")], values={"status": "planned"}, author=None)
    problems_edit(problems=[problem("dark")], values={"status": "shipped"}, author=None)
    roadmap = roadmap_of(ranking=company)
    by_status = {column.status: column for column in roadmap.columns}
    planned = by_status[Status.PLANNED]
    assert (planned.problems, planned.customers, planned.arr) == (2, 3, Decimal("543000.00"))
    assert planned.score == sum(entry.score for entry in company.entries.filter(problem__status="planned"))
    assert by_status[Status.SHIPPED].customers == 1
    # An account that nobody knows is no customer whose revenue could be told.
    assert (by_status[Status.NEW].customers, by_status[Status.NEW].arr) == (0, Decimal("0.00"))
    assert sum(column.share for column in roadmap.columns) == 1
    assert sum(column.score for column in roadmap.columns) == sum(entry.score for entry in company.entries.all())
    assert roadmap.promised == planned.share
    assert roadmap.promised + roadmap.shipped + roadmap.declined + roadmap.unanswered == 1


def test_the_page_shows_it(company: Ranking, browser: Client) -> None:
    problems_edit(problems=[problem("sso")], values={"status": "planned"}, author=None)
    page = browser.get("/roadmap/").text
    column = re.search(r'id="status-planned".*?</section>', page, re.DOTALL)
    assert column is not None
    assert problem("sso").title in column[0].replace("&#x27;", "'")
    assert "$540k ARR" in column[0]


def test_before_a_ranking_it_says_so(browser: Client) -> None:
    assert "Nothing is ranked yet" in browser.get("/roadmap/").text
