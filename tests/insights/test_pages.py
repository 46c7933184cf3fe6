"""The pages: closed to strangers, right in their figures, inert to hostile text."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from customers.models import Account, AccountState
from feedback.models import FeedbackItem
from feedback.services.items import feedback_ingest
from insights.models import Problem, Ranking
from insights.services.benchmark_world import benchmark_world_create
from insights.services.ranking import ranking_publish
from insights.services.triage import TriageSummary
from tests.factories import make_record

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(2)> javascript:alert(3) please add single sign-on SSO"
OPEN_TO_ALL = {"login/", "logout/", "api/schema/", "api/docs/"}
# What answers for every address of the API that there is not.
NOWHERE = r"^v1/[\s\S]*/\Z"


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> list[str]:
    """Every address of the service but the admin's own."""
    found: list[str] = []
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if path.startswith("admin/"):
            continue
        found += addresses(pattern.url_patterns, path) if isinstance(pattern, URLResolver) else [path]
    return found


def test_every_address_is_closed_unless_it_says_otherwise(db: None, client: Client) -> None:
    paths = set(addresses(get_resolver().url_patterns)) - OPEN_TO_ALL
    assert len(paths) >= 6
    for path in paths:
        answer = client.get(
            "/" + path.replace("<str:key>", "P-1").replace("<int:pk>", "1").replace(NOWHERE, "v1/nowhere/")
        )
        assert answer.status_code == (401 if path.startswith("api/") else 302), path


def test_a_stranger_comes_back_to_where_they_wanted_to_go(client: Client, manager: User) -> None:
    sent = client.get("/problems/P-1/")
    assert sent.headers["Location"] == "/login/?next=/problems/P-1/"
    answer = client.post("/login/", {"username": "manager", "password": "a-long-password", "next": "//evil.example"})
    assert answer.headers["Location"] == "/"


def test_an_empty_list_says_what_to_do(browser: Client) -> None:
    page = browser.get("/").content.decode()
    assert "Nothing is ranked yet" in page
    assert "import_feedback" in page


def test_the_list_shows_open_problems_unless_asked(company: Ranking, browser: Client) -> None:
    declined = Problem.objects.get(memberships__item__external_id="dark-0")
    Problem.objects.filter(pk=declined.pk).update(status="declined")
    assert f"/problems/{declined.key}/" not in browser.get("/").content.decode()
    assert f"/problems/{declined.key}/" in browser.get("/?status=declined").content.decode()
    assert f"/problems/{declined.key}/" in browser.get("/?status=all").content.decode()
    assert "No problem has this status" in browser.get("/?status=shipped").content.decode()


def test_a_problem_page_shows_quotes_and_the_receipt(company: Ranking, browser: Client) -> None:
    problem = Problem.objects.get(memberships__item__external_id="sso-0")
    page = re.sub("</?mark>", "", browser.get(f"/problems/{problem.key}/").text)
    assert "Single sign-on is a must for our security team" in page
    assert "Account A0" in page
    assert page.count("<blockquote") == problem.memberships.count()


def test_a_merged_problem_leads_to_what_it_became(company: Ranking, browser: Client) -> None:
    old, new = Problem.objects.order_by("pk")[:2]
    Problem.objects.filter(pk=old.pk).update(merged_into=new)
    assert browser.get(f"/problems/{old.key}/").headers["Location"] == f"/problems/{new.key}/"


@pytest.mark.parametrize("key", ["P-0", "P-999999", "nonsense", "P-" + "9" * 40])
def test_a_problem_that_is_not_there_says_so(browser: Client, key: str) -> None:
    answer = browser.get(f"/problems/{key}/")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()


def test_unplaced_items_are_shown_and_counted(company: Ranking, browser: Client) -> None:
    page = browser.get("/unplaced/").content.decode()
    assert "2 items fit no problem yet" in page
    assert "umbrella" in page


def test_hostile_text_stays_text(company: Ranking, browser: Client, drain: Callable[[], TriageSummary]) -> None:
    feedback_ingest(records=[make_record(f"evil-{n}", HOSTILE, account_id="<script>") for n in range(12)])
    drain()
    Problem.objects.update(title=HOSTILE, job_want=HOSTILE)
    for path in ("/", "/unplaced/", *(f"/problems/{problem.key}/" for problem in Problem.objects.all())):
        page = browser.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("path", ["/", "/unplaced/"])
def test_the_number_of_queries_is_fixed(
    company: Ranking, browser: Client, path: str, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        browser.get(path)


def test_a_quote_shows_what_the_account_paid_then_and_pays_now(company: Ranking, browser: Client) -> None:
    item = FeedbackItem.objects.filter(account__external_id="A1", membership__isnull=False).first()
    assert item is not None
    account = Account.objects.get(external_id="A1")
    day = timezone.localdate(item.said_at)
    states = [(-400, "10000.00"), (-1, "20000.00"), (1, "30000.00")]
    AccountState.objects.bulk_create(
        [AccountState(account=account, recorded_on=day + dt.timedelta(days=days), arr=arr) for days, arr in states]
    )
    text = browser.get(f"/problems/{item.membership.problem.key}/").text
    assert "ARR $20.0k then → $40.0k now" in text
    AccountState.objects.filter(account=account, recorded_on__lte=day).delete()
    text = browser.get(f"/problems/{item.membership.problem.key}/").text
    assert "its history begins later" in text


def _cents(amounts: list[str]) -> int:
    return sum(int(re.sub(r"\D", "", amount)) for amount in amounts)


def test_a_long_receipt_shows_the_largest_amounts_and_still_adds_up(db: None, browser: Client) -> None:
    benchmark_world_create(items=1_200, problems=3, accounts=300)
    ranking_publish()
    entry = Ranking.objects.get().entries.order_by("-customers")[0]
    lines = entry.receipt.lines.count()
    assert lines > 50
    path = f"/problems/{entry.problem.key}/"
    for query, shown in ({}, 50), ({"receipt": "all"}, lines):
        page = browser.get(path, query).text
        table = page[page.index('id="receipt"') :].partition("</table>")[0]
        rows = re.findall(r'<td class="n">([^<]*)</td>\s*</tr>', table.partition("<tfoot>")[0])
        others, score = (["0", *re.findall(r'<td class="n">([^<]*)</td></tr>', table.partition("<tfoot>")[2])])[-2:]
        assert len(rows) == shown
        assert (f"{lines - 50} other customer" in table) == (shown == 50)
        assert _cents(rows) + _cents([others]) == _cents([score]) == int(entry.score * 100)
