"""Ask: one box for problems, accounts and what was said, by words and by meaning, with the real model."""

import pytest
from django.test import Client

from insights.models import Problem, Ranking, Run


def problem(topic: str) -> Problem:
    """The problem of a topic."""
    found: Problem = Problem.objects.get(memberships__item__external_id=f"{topic}-0")
    return found


def test_words_find_what_holds_them_all(company: Ranking, browser: Client) -> None:
    page = browser.get("/ask/", {"q": "okta LOGIN"}).text
    assert "Please support SSO login through Okta" in page
    assert page.count("<blockquote") == 1
    assert "/accounts/A0/" in browser.get("/ask/", {"q": "account a0"}).text
    assert "Nothing holds all of these words." in browser.get("/ask/", {"q": "zebra okta"}).text


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("authenticate employees with one corporate password", "sso"),
        ("my eyes hurt after sunset", "dark"),
        ("send me the figures as a spreadsheet each week", "export"),
    ],
)
def test_meaning_finds_it_in_other_words(company: Ranking, browser: Client, question: str, topic: str) -> None:
    page = browser.get("/ask/meaning/", {"q": question}, headers={"HX-Request": "true"}).text
    first = page.index("data-row")
    assert page.index(f"/problems/{problem(topic).key}/", first) == page.index("/problems/", first)
    said = page.index("<h3>Said</h3>")
    texts = problem(topic).memberships.values_list("item__text", flat=True)
    nearest = page[said : said + 400].replace("&#x27;", "'")
    assert any(text[:60] in nearest for text in texts)


def test_a_key_leads_to_its_problem(company: Ranking, browser: Client) -> None:
    key = problem("sso").key
    assert browser.get("/ask/", {"q": f" {key.lower()} "}).headers["Location"] == f"/problems/{key}/"
    assert browser.get("/ask/", {"q": "P-999999"}).status_code == 200


def test_what_is_no_question_is_answered(company: Ranking, browser: Client) -> None:
    assert "Ask for anything" in browser.get("/ask/").text
    for strange in ("\x00", "%", "_" * 500, "<script>alert(1)</script>", "🦓"):
        for path in ("/ask/", "/ask/meaning/"):
            answer = browser.get(path, {"q": strange})
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text


def test_before_the_first_run_nothing_is_near(company: Ranking, browser: Client) -> None:
    Run.objects.all().delete()
    assert "No problem is about this." in browser.get("/ask/meaning/", {"q": "dark mode"}).text
