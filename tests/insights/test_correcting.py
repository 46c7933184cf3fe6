"""Correcting the grouping on the desk: what would change is said before, what was done can be undone after."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from customers.models import Account
from feedback.models import FeedbackItem
from insights.models import Correction, Membership, Problem, Ranking
from insights.models.problems import Author
from insights.services.ranking import ranking_refresh


def problem(external_id: str) -> Problem:
    """The problem that an item is in."""
    found: Problem = Problem.objects.get(memberships__item__external_id=external_id)
    return found


def item_pk(external_id: str) -> int:
    """The number of an item."""
    return int(FeedbackItem.objects.values_list("pk", flat=True).get(external_id=external_id))


def homes() -> dict[str, str]:
    """Which problem each item is in."""
    rows = Membership.objects.values_list("item__external_id", "problem_id")
    return {item: f"P-{pk}" for item, pk in rows}


def promised(page: str) -> dict[str, tuple[str, str, str]]:
    """What a page says of each problem after the change: rank, score, items; by key, "" for a new one."""
    rows = re.findall(r"<tr>\s*<td><span class=\"problem-title\">.*?</tr>", page, re.DOTALL)
    told = {}
    for row in rows:
        key = re.search(r'class="key">([^<]+)<', row)
        after = re.findall(r"<strong>([^<]+)</strong>", row)
        assert key is not None
        told[unescape(key[1]).replace("a new problem", "")] = (after[0], after[1], after[4])
    return told


def listed(key: str) -> tuple[str, str, str]:
    """What the list says of a problem, as `promised` does."""
    ranking = ranking_refresh() or Ranking.objects.first()
    assert ranking is not None
    entry = ranking.entries.filter(problem__in=Problem.objects.with_key(key)).first()
    return (str(entry.rank), f"${entry.score:,}", str(entry.items)) if entry else ("–", "–", "–")


def undo(client: Client, page: str) -> str:
    """Press Undo in the notice of a page."""
    address = re.search(r'action="(/undo/[^"]+)"', page)
    assert address is not None
    where = re.search(r'name="next" value="([^"]+)"', page)
    assert where is not None
    return str(client.post(unescape(address[1]), {"next": where[1]}, follow=True).text)


def test_a_merge_says_what_it_changes_does_it_and_is_undone(planner: Client) -> None:
    before, dark, sso = homes(), problem("dark-0"), problem("sso-0")
    choosing = planner.get("/merge/", {"key": dark.key}).text
    assert f"into={sso.key}" in choosing
    page = planner.get("/merge/", {"key": dark.key, "into": sso.key}).text
    told = promised(page)
    assert homes() == before
    answer = planner.post("/merge/", {"key": dark.key, "into": sso.key}, follow=True)
    assert answer.redirect_chain == [(f"/problems/{sso.key}/", 302)]
    assert f"{dark.key} is part of {sso.key} now." in answer.text
    assert homes()["dark-0"] == sso.key
    assert told == {sso.key: listed(sso.key), dark.key: ("–", "–", "–")}
    assert "Undone: every item is where it was before." in undo(planner, answer.text)
    assert homes() == before


def test_many_are_merged_from_the_list_and_undone_at_once(planner: Client) -> None:
    before = homes()
    keys = [problem(f"{topic}-0").key for topic in ("dark", "sso", "export")]
    chosen = planner.post("/merge/", {"key": keys, "status": "", "next": "/"}, follow=True)
    assert chosen.redirect_chain[0][0].startswith("/merge/?key=")
    assert "Which of them stays?" in chosen.text
    answer = planner.post("/merge/", {"key": keys, "into": keys[1]}, follow=True)
    assert f"{keys[0]} and {keys[2]} are part of {keys[1]} now." in answer.text
    undo(planner, answer.text)
    assert homes() == before
    assert not Problem.objects.exclude(merged_into=None).exists()


def test_a_split_suggests_who_leaves_too(planner: Client) -> None:
    before, export = homes(), problem("export-0")
    picked = [item_pk("export-1"), item_pk("export-3")]
    page = planner.get(f"/problems/{export.key}/split/", {"item": picked}).text
    told = promised(page)
    body = {"item": picked, "title": "Schedule exports"}
    answer = planner.post(f"/problems/{export.key}/split/", body, follow=True)
    new = problem("export-1")
    assert new.title == "Schedule exports"
    assert f"{new.key} is a problem of its own now, split off {export.key}." in answer.text
    assert told == {"": listed(new.key), export.key: listed(export.key)}
    undo(planner, answer.text)
    assert homes() == before
    assert planner.get(f"/problems/{new.key}/").headers["Location"] == f"/problems/{export.key}/"


def test_items_move_or_stay_for_good(planner: Client) -> None:
    before, dark, sso = homes(), problem("dark-0"), problem("sso-0")
    address = f"/problems/{sso.key}/move/"
    body: dict[str, str | list[int]] = {"item": [item_pk("sso-0"), item_pk("sso-1")], "to": dark.key}
    told = promised(planner.get(address, body).text)
    answer = planner.post(address, body, follow=True)
    assert f"2 items are in {dark.key} now." in answer.text
    assert told == {dark.key: listed(dark.key), sso.key: listed(sso.key)}
    undo(planner, answer.text)
    assert homes() == before
    pinned = planner.post(address, {"item": item_pk("sso-0"), "to": sso.key}, follow=True)
    assert f"1 item is pinned to {sso.key} now." in pinned.text
    assert Membership.objects.get(item__external_id="sso-0").placed_by == Author.PERSON


def test_a_title_is_changed_on_the_page(planner: Client) -> None:
    sso = problem("sso-0")
    answer = planner.post(f"/problems/{sso.key}/rename/", {"title": "  Sign in   once "}, follow=True)
    assert "<h1>Sign in once</h1>" in answer.text
    assert f"<h1>{sso.title}</h1>" in unescape(undo(planner, answer.text))
    refused = planner.post(f"/problems/{sso.key}/rename/", {"title": " "}, follow=True)
    assert "A title needs 1 to 200 characters." in refused.text


@pytest.mark.parametrize(
    ("address", "choice", "why"),
    [
        ("/merge/", {}, "No problem is ticked: tick those that are one."),
        ("/merge/", {"key": "sso", "into": "sso"}, "Which problem does it become part of?"),
        ("/problems/sso/split/", {}, "Tick the quotes"),
        ("/problems/sso/split/", {"item": "all"}, "needs items that leave and items that stay"),
        ("/problems/sso/split/", {"item": "1", "title": "x" * 201}, "A title needs 1 to 200 characters"),
        ("/problems/sso/move/", {"item": "1", "to": "P-999"}, "Where do they belong?"),
        ("/problems/sso/move/", {"item": ["²", "-1", "9" * 30], "to": "dark"}, "Tick the quotes"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    planner: Client, address: str, choice: dict[str, object], why: str
) -> None:
    before, keys = homes(), {"sso": problem("sso-0").key, "dark": problem("dark-0").key}
    choice = {name: keys.get(str(value), value) for name, value in choice.items()}
    if choice.get("item") == "all":
        choice["item"] = list(problem("sso-0").memberships.values_list("item_id", flat=True))
    elif choice.get("item") == "1":
        choice["item"] = item_pk("sso-0")
    answer = planner.post(address.replace("/sso/", f"/{keys['sso']}/"), choice, follow=True)
    assert why in answer.text
    assert homes() == before
    assert not Correction.objects.exists()


@pytest.mark.parametrize("address", ["/merge/?key=P-999", "/problems/P-999/split/", "/problems/x/move/"])
def test_there_is_nothing_to_correct_in_what_is_not_there(planner: Client, address: str) -> None:
    assert planner.get(address).status_code == 404


def test_looking_at_what_would_change_changes_nothing(planner: Client, company: Ranking) -> None:
    before = [str(value) for value in Problem.objects.order_by("pk").values_list()]
    for address in ("/merge/?key={}&into={}", "/problems/{}/split/?item=1", "/problems/{}/move/?item=1&to={}"):
        planner.get(address.format(problem("sso-0").key, problem("dark-0").key))
    assert [str(value) for value in Problem.objects.order_by("pk").values_list()] == before
    assert ranking_refresh() is None
    assert Decimal(company.entries.get(rank=1).score) > 0


def test_money_that_cannot_be_told_stops_no_merge(planner: Client) -> None:
    dark, export = problem("dark-0"), problem("export-0")
    Account.objects.filter(external_id="A2").update(currency="XTS")
    page = planner.get("/merge/", {"key": dark.key, "into": export.key}).text
    assert "What would change cannot be told: no exchange rate for XTS" in page
    answer = planner.post("/merge/", {"key": dark.key, "into": export.key}, follow=True)
    assert f"{dark.key} is part of {export.key} now." in answer.text
