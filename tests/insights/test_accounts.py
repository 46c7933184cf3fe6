"""One account: its page, its API, its brief."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Account, Contact
from customers.services.identity import accounts_merge
from customers.services.refresh import customers_refresh
from feedback.models import FeedbackItem
from feedback.services.imports import import_rows
from insights.models import Problem, Ranking
from insights.services.accounts import account_dossier, account_find
from insights.services.briefs import account_brief
from insights.services.ranking import ranking_publish
from tests.factories import make_account, make_contact, make_item

PAGE_QUERIES = 21


def _brief(external_id: str) -> Any:
    account = account_find(reference=external_id)
    assert account is not None
    return account_brief(dossier=account_dossier(account=account))


def test_the_page_says_who_they_are_what_they_asked_for_and_what_it_adds(company: Ranking, browser: Client) -> None:
    text = browser.get("/accounts/A1/").text
    assert "Account A1" in text
    dossier = account_dossier(account=Account.objects.get(external_id="A1"))
    assert {asked.title for asked in dossier.asked} == {
        problem.title for problem in Problem.objects.filter(memberships__item__account__external_id="A1")
    }
    for asked in dossier.asked:
        assert asked.title in text
        entry = company.entries.get(problem__pk=int(asked.key.removeprefix("P-")))
        line = entry.receipt.lines.get(account__external_id="A1")
        assert (asked.rank, asked.amount) == (entry.rank, line.amount)


def test_the_api_says_the_same_as_the_page_reads(company: Ranking, api: Any) -> None:
    body = api("/api/v1/accounts/A1/").json()
    dossier = account_dossier(account=Account.objects.get(external_id="A1"))
    assert (body["id"], body["arr"], body["currency"], body["base_currency"]) == ("A1", "40000.00", "USD", "USD")
    assert [asked["key"] for asked in body["asked"]] == [asked.key for asked in dossier.asked]
    assert body["revenue_at_risk_base"] == "4000.00"
    assert [contact["email"] for contact in body["contacts"]] == ["buyer@a1.example"]


@pytest.mark.parametrize("reference", ["nobody", "A\x00", "%", "A1/brief"])
def test_an_account_that_is_not_there_is_not_found(db: None, api: Any, browser: Client, reference: str) -> None:
    assert api(f"/api/v1/accounts/{reference}/").status_code == 404
    assert browser.get(f"/accounts/{reference}/").status_code == 404


def test_an_account_is_found_by_any_systems_id(db: None, browser: Client) -> None:
    import_rows(kind="accounts", rows=[{"account_id": "001/x Ü", "name": "One"}], system="crm")
    import_rows(kind="accounts", rows=[{"account_id": "001/x Ü", "name": "Another"}], system="billing")
    assert "One" in browser.get("/accounts/001/x Ü/").text
    assert "Another" in browser.get("/accounts/billing:001/x Ü/").text


def test_a_merged_account_leads_to_what_it_became_and_its_items_count(company: Ranking, browser: Client) -> None:
    kept, merged = Account.objects.get(external_id="A1"), Account.objects.get(external_id="A2")
    items = FeedbackItem.objects.filter(account__in=[kept, merged], membership__isnull=False).count()
    accounts_merge(kept=kept, merged=merged, by=None, today=timezone.localdate())
    ranking_publish()

    answer = browser.get("/accounts/A2/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/A1/")
    dossier = account_dossier(account=Account.objects.get(external_id="A1"))
    assert sum(asked.items for asked in dossier.asked) == items
    assert "Also known as Account A2" in browser.get("/accounts/A1/").text


@pytest.mark.parametrize("size", [1, 40])
def test_the_page_takes_a_fixed_number_of_queries(company: Ranking, browser: Client, size: int) -> None:
    head = Account.objects.get(external_id="A1")
    for n in range(size):
        child = make_account(f"C{n}", parent=head)
        make_contact(head, f"c{n}@a1.example")
        make_item(f"T{n}", f"The report export number {n} is broken", kind="ticket", account_id="A1")
        Problem.objects.create(title=f"Problem {n}")
        accounts_merge(kept=head, merged=make_account(f"M{n}"), by=None, today=timezone.localdate())
        customers_refresh(today=timezone.localdate() - dt.timedelta(days=n), accounts=[child])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get("/accounts/A1/").status_code == 200
    assert len(queries) <= PAGE_QUERIES, [query["sql"][:120] for query in queries]


def test_the_family_is_counted_once_in_the_base_currency(db: None) -> None:
    head = make_account("A1", arr=Decimal("100.00"))
    middle = make_account("A2", arr=Decimal("10.00"), parent=head)
    make_account("A3", arr=Decimal("1.00"), parent=middle)
    make_account("A4", arr=Decimal("5000.00"), parent=middle, stage="churned", churned_on=dt.date(2026, 1, 1))
    for account in (head, middle):
        assert account_dossier(account=account).family_arr == Decimal("111.00")
    assert [below.external_id for below in account_dossier(account=middle).subsidiaries] == ["A3", "A4"]


def test_a_brief_warns_before_a_dunning_letter_a_renewal_and_a_pitch(company: Ranking) -> None:
    account = Account.objects.get(external_id="A1")
    account.overdue_days, account.renewal_date = 45, timezone.localdate() + dt.timedelta(days=20)
    account.seats, account.active_seats = 100, 12
    account.save()
    FeedbackItem.objects.filter(account=account).update(severity="blocking", kind="ticket")
    Contact.objects.filter(account=account).update(role="user")
    problem = Problem.objects.filter(memberships__item__account=account).first()
    assert problem is not None
    Problem.objects.filter(pk=problem.pk).update(status="planned")

    brief = _brief("A1")

    said = "\n".join(brief.warnings)
    for words in (
        "They renew in 20 days",
        "blocking",
        "Invoices are 45 days overdue while",
        "call before you send a reminder",
        "Only 12 of 100 seats are in use",
        "No buyer or champion is known there",
    ):
        assert words in said
    assert [asked.key for asked in brief.promises] == [problem.key]
    assert f"{problem.key} {problem.title} (planned)" in brief.text


def test_a_brief_of_a_quiet_account_warns_of_nothing(db: None) -> None:
    make_account("A1")
    brief = _brief("A1")
    assert brief.warnings == ()
    assert "Nothing to warn of." in brief.text


def test_a_brief_of_who_left_says_so_and_does_not_speak_of_renewal(db: None) -> None:
    make_account("A1", stage="churned", churned_on=dt.date(2026, 5, 1), renewal_date=timezone.localdate())
    assert _brief("A1").warnings == ("They left on 1 May 2026: neither renew nor remind; ask why, if at all.",)


def test_the_brief_quotes_the_last_nps_answer(db: None, api: Any) -> None:
    make_account("A1")
    rows = [
        {"answer_id": "1", "account_id": "A1", "answered_on": "2026-09-01", "score": "9"},
        {
            "answer_id": "2",
            "account_id": "A1",
            "answered_on": "2026-10-01",
            "score": "3",
            "comment": "slow <b>again</b>",
        },
    ]
    import_rows(kind="nps", rows=rows, system="survey")
    body = api("/api/v1/accounts/A1/brief/").json()
    assert body["last_nps"] == "Last NPS answer: 3 of 10 on 1 October 2026."
    assert 'Their last NPS answer was 3: "slow <b>again</b>".' in body["warnings"]


def test_what_systems_say_is_shown_inert(db: None, browser: Client) -> None:
    rows = [{"account_id": "A1", "name": "<script>alert(1)</script>", "owner": "<img src=x>"}]
    import_rows(kind="accounts", rows=rows, system="crm")
    for page in ("/accounts/", "/accounts/A1/", "/accounts/?q=<script>"):
        text = browser.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x>" not in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("one", ["A1"]),
        ("SECOND.example", ["A2"]),
        ("a1", ["A1"]),
        ("maria", ["A2"]),
        ("one zzz", []),
        ("\x00", ["A1", "A2"]),
    ],
)
def test_the_list_is_searched_by_name_domain_id_and_owner(
    db: None, browser: Client, words: str, found: list[str]
) -> None:
    make_account("A1", name="One")
    make_account("A2", name="Two", domain="second.example", owner="Maria")
    page = browser.get("/accounts/", {"q": words})
    assert sorted(account.external_id for account in page.context["accounts"]) == found
    if not found:
        assert "No account matches" in page.text


def test_the_list_without_accounts_says_how_to_get_them(db: None, browser: Client) -> None:
    assert "import_accounts" in browser.get("/accounts/").text
