"""RICE, opportunity and value for effort: estimated in the admin, ranked, walked through, exported."""

import csv
import io
import itertools
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from customers.models import Account
from feedback.models import FeedbackItem
from insights.models import Membership, Problem, Ranking, SurveyAnswer, Touched
from insights.models.problems import CONFIDENCES, IMPACTS
from insights.services.ranking import ranking_publish
from insights.services.triage import TriageSummary
from tests.factories import MOMENT, make_account, make_item

LIST = "/api/v1/ranking/"
ORDERS = ("rice", "opportunity", "value_per_effort")
ESTIMATES = ("effort", "impact", "confidence")
MANY = 12
Call = Callable[..., Any]
Drain = Callable[[], TriageSummary]


@pytest.fixture
def estimate(admin_client: Client) -> Callable[..., Any]:
    """Fill in a problem's form in the admin; answers what the admin answers."""

    def fill(problem: Problem, **estimates: str) -> Any:
        links = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
        form = {
            "title": problem.title, "status": problem.status, "job_when": "", "job_want": "", "job_so": "",
            "effort": "", "impact": "", "confidence": "",
            **{f"jira_links-{name}": value for name, value in links.items()}, **estimates,
        }  # fmt: skip
        return admin_client.post(f"/admin/insights/problem/{problem.pk}/change/", form)

    return fill


def test_an_estimate_shows_with_the_next_ranking(
    company: Ranking, api: Call, estimate: Callable[..., Any], drain: Drain
) -> None:
    problem = company.entries.get(rank=2).problem
    before = api(f"/api/v1/problems/{problem.key}/").json()
    assert [before[order] for order in ORDERS] == [None, None, None]
    assert before["blank_because"] == {
        "rice": "not estimated: effort, impact, confidence",
        "value_per_effort": "not estimated: effort",
        "opportunity": "0 of 30 survey answers needed",
    }
    assert estimate(problem, effort="2.5", impact="0.50").status_code == 302
    assert Touched.objects.filter(problem=problem).exists()
    drain()
    row = api(f"/api/v1/problems/{problem.key}/").json()
    assert row["value_per_effort"] == str((Decimal(row["score"]) / Decimal("2.5")).quantize(Decimal("0.01")))
    assert (row["rice"], row["blank_because"]["rice"]) == (None, "not estimated: confidence")
    assert estimate(problem, effort="2.5", impact="0.50", confidence="80").status_code == 302
    drain()
    row = api(f"/api/v1/problems/{problem.key}/").json()
    assert Decimal(row["rice"]) == row["customers"] * Decimal("0.50") * Decimal("0.8") / Decimal("2.5")
    assert list(row["blank_because"]) == ["opportunity"]
    # What it is worth has not changed, and nobody else has.
    assert (row["score"], row["rank"]) == (before["score"], before["rank"])
    others = Ranking.objects.latest().entries.exclude(problem=problem)
    assert set(others.values_list("rice", "value_per_effort")) == {(None, None)}


def test_who_asks_for_changes_is_told_of_an_estimate(
    company: Ranking, api: Call, estimate: Callable[..., Any], drain: Drain
) -> None:
    problem = company.entries.get(rank=2).problem
    estimate(problem, effort="3")
    # Somebody asks between the estimate and the ranking: what comes later must not be missed.
    between = Problem.objects.get(pk=problem.pk).updated_at.isoformat()
    drain()
    Problem.objects.exclude(pk=problem.pk).update(updated_at="2020-01-01T00:00:00Z")
    asked = Ranking.objects.latest().computed_at.isoformat()
    assert between < asked
    assert [row["key"] for row in api(LIST, updated_since=asked).json()["results"]] == [problem.key]


@pytest.mark.parametrize(
    "wrong",
    [{"effort": "0"}, {"effort": "-1"}, {"effort": "x"}, {"impact": "4"}, {"impact": "0.75"}, {"confidence": "70"}],
    ids=str,
)
def test_the_admin_refuses_what_is_no_estimate(
    company: Ranking, estimate: Callable[..., Any], wrong: dict[str, str]
) -> None:
    problem = company.entries.get(rank=1).problem
    answer = estimate(problem, **wrong)
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == list(wrong)


def test_the_admin_shows_the_estimates_as_they_are(
    company: Ranking, estimate: Callable[..., Any], admin_client: Client
) -> None:
    problem = company.entries.get(rank=1).problem
    for (impact, _), (percent, _) in zip(IMPACTS, itertools.cycle(CONFIDENCES)):
        assert estimate(problem, effort="1", impact=str(impact), confidence=str(percent)).status_code == 302
        page = admin_client.get(f"/admin/insights/problem/{problem.pk}/change/").content.decode()
        assert f'<option value="{impact}" selected>' in page
        assert f'<option value="{percent}" selected>' in page


@pytest.mark.parametrize("wrong", [{"effort": 0}, {"effort": -1}, {"impact": "0.75"}, {"confidence": 70}], ids=str)
def test_the_database_refuses_what_is_no_estimate(db: None, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.create(title="One", **wrong)


@pytest.fixture
def list_of_many(db: None, settings: Any) -> list[Problem]:
    """Problems that a few customers ask for, many of them alike."""
    settings.HEARD_ODI_MIN_ANSWERS = 1
    accounts = [make_account(f"A{n}") for n in range(3)]
    problems = Problem.objects.bulk_create([Problem(title=f"Problem {n}") for n in range(MANY)])
    for n, problem in enumerate(problems):
        for account in accounts[: n % 3 + 1]:
            item = make_item(f"{account.external_id}-{n}", f"Please solve {n}", account_id=account.external_id)
            Membership.objects.create(item=item, problem=problem, confidence=0.9)
    FeedbackItem.objects.update(state="placed", said_at=MOMENT)
    return list(problems)


estimates = st.tuples(
    st.sampled_from([None, Decimal("0.50"), Decimal("3.00")]),
    st.sampled_from([None, Decimal("0.25"), Decimal("3.00")]),
    st.sampled_from([None, 50, 100]),
    # Importance and satisfaction, where somebody answered.
    st.sampled_from([None, (9, 9), (9, 1), (1, 9)]),
)


@given(st.lists(estimates, min_size=MANY, max_size=MANY), st.sampled_from([1, 2, 3, 5]))
@hypothesis_settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    # A smaller example tells no more, and takes minutes to find.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_order_meets_each_problem_once_blanks_last_forwards_and_backwards(
    list_of_many: list[Problem], api: Call, made: list[Any], page_size: int
) -> None:
    SurveyAnswer.objects.all().delete()
    account = Account.objects.order_by("pk")[0]
    for problem, (effort, impact, confidence, rated) in zip(list_of_many, made, strict=True):
        Problem.objects.filter(pk=problem.pk).update(effort=effort, impact=impact, confidence=confidence)
        if rated:
            SurveyAnswer.objects.create(
                problem=problem, account=account, system="survey", external_id=problem.key,
                importance=rated[0], satisfaction=rated[1], asked_on=MOMENT.date(),
            )  # fmt: skip
    ranking_publish()
    for order in ORDERS:
        pages = [api(LIST, ordering=order, page_size=page_size, fields=f"key,rank,{order}").json()]
        while pages[-1]["next"]:
            pages.append(api(pages[-1]["next"]).json())
        rows = [row for page in pages for row in page["results"]]
        assert sorted(row["key"] for row in rows) == sorted(problem.key for problem in list_of_many)
        assert rows == sorted(rows, key=lambda row: (row[order] is None, -Decimal(row[order] or 0), row["rank"]))
        back = [pages[-1]]
        while back[-1]["previous"]:
            back.append(api(back[-1]["previous"]).json())
        assert [page["results"] for page in reversed(back)] == [page["results"] for page in pages]


def test_both_exports_hold_the_new_figures_in_any_order(list_of_many: list[Problem], api: Call) -> None:
    for n, problem in enumerate(list_of_many[:4]):
        Problem.objects.filter(pk=problem.pk).update(effort=n + 1, impact=1, confidence=80)
    ranking_publish()
    for order in ORDERS:
        rows = api(LIST, ordering=order).json()["results"]
        lines = b"".join(api(f"{LIST}export/", ordering=order, **{"as": "jsonl"})).decode().splitlines()
        assert [json.loads(line) for line in lines] == rows
        table = list(csv.DictReader(io.StringIO(b"".join(api(f"{LIST}export/", ordering=order)).decode())))
        for line, row in zip(table, rows, strict=True):
            for name in (*ORDERS, *ESTIMATES, "survey_answers"):
                assert line[name] == ("" if row[name] is None else str(row[name]))
