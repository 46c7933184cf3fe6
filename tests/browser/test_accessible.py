"""No page of the desk breaks a rule of WCAG 2.2 A and AA, light and wide or dark and narrow."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from insights.models import Problem, Proposal, Question, Ranking, Run, SavedView, Scenario
from insights.services.edits import problems_edit
from tests.browser.accessibility import violations
from tests.insights.conftest import *  # noqa: F403

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_no_page_breaks_a_rule(desk: Page, live_server: LiveServer, company: Ranking) -> None:
    sso = Problem.objects.get(memberships__item__external_id="sso-0")
    dark = Problem.objects.get(memberships__item__external_id="dark-0")
    run, item = Run.objects.published()[0], sso.memberships.earliest("pk").item_id
    Question.objects.all().delete()
    proposal = Proposal.objects.create(run=run, kind="merge", problem=dark, target=sso, item_ids=[], gain=0.2)
    question = Question.objects.create(run=run, item_id=item, other=sso.memberships.latest("pk").item, gain=3)
    SavedView.objects.create(name="Large ones", query="min_arr=100000")
    scenario = Scenario.objects.create(name="Louder", weights={"churn_weight": "9"})
    problems_edit(problems=[sso], values={"status": "shipped"}, author=None)
    pages = [
        "/",
        "/?filters=open&status=all",
        "/?q=nothing+like+it&since=x",
        f"/problems/{sso.key}/",
        f"/merge/?key={dark.key}",
        f"/merge/?key={dark.key}&into={sso.key}",
        f"/problems/{sso.key}/split/?item={item}",
        f"/problems/{sso.key}/move/?item={item}&to={dark.key}",
        f"/problems/{sso.key}/tell/",
        f"/problems/{dark.key}/tell/",
        f"/review/?at=proposal-{proposal.pk}",
        f"/review/?at=question-{question.pk}",
        f"/review/?after=question-{question.pk}",
        f"/problems/{sso.key}/about/",
        f"/problems/{sso.key}/moved/",
        "/ask/",
        "/ask/?q=sign-on",
        "/ask/meaning/?q=sign-on",
        "/log/",
        "/roadmap/",
        "/map/",
        "/unplaced/",
        "/what-if/",
        f"/what-if/{scenario.pk}/",
        f"/what-if/compare/?left={scenario.pk}",
        "/accounts/",
        "/accounts/A0/",
    ]
    found = {}
    for path in pages:
        desk.goto(live_server.url + path)
        found[path] = violations(desk)
    assert {path: broken for path, broken in found.items() if broken} == {}


def test_what_appears_by_itself_breaks_none_either(desk: Page, live_server: LiveServer, company: Ranking) -> None:
    desk.goto(live_server.url)
    desk.keyboard.press("j")
    desk.keyboard.press("o")
    desk.wait_for_selector("tr.peek")
    assert violations(desk) == []
    desk.keyboard.press("o")
    desk.wait_for_selector("tr.peek", state="detached")
    desk.keyboard.press("?")
    # Its button changes colour when it gets the focus: not at once.
    desk.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
    assert violations(desk) == []
