"""Jira in the admin: sites with their tokens, links on the page of a problem, issues created from the list."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from insights.models import JiraLink, JiraSite, JiraStatusMapping, Problem
from insights.services.jira.sites import jira_secret_of
from tests.insights.jira_fake import EMAIL, TOKEN, FakeJira
from tests.insights.jira_sites import PUBLIC, make_problem, make_site, work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reachable(settings: Any) -> None:
    settings.HEARD_WEBHOOK_ALLOW = ["127.0.0.0/8"]
    settings.HEARD_PUBLIC_URL = PUBLIC


@pytest.fixture
def fake() -> Iterator[FakeJira]:
    """A Jira Cloud."""
    with FakeJira("cloud") as jira:
        yield jira


@pytest.fixture
def root(client: Client) -> Client:
    """A browser in which a superuser is signed in."""
    client.force_login(User.objects.create_superuser("root"))
    return client


def site_form(fake: FakeJira, **facts: str) -> dict[str, str]:
    """A filled-in site form with one mapping."""
    return {
        "name": "Our Jira",
        "kind": "cloud",
        "url": fake.url,
        "email": EMAIL,
        "new_token": TOKEN,
        "project": "ABC",
        "issue_type": "Story",
        "summary_template": "{title}",
        "description_template": "",
        "enabled": "on",
        "mappings-TOTAL_FORMS": "1",
        "mappings-INITIAL_FORMS": "0",
        "mappings-0-jira_status": "Done",
        "mappings-0-status": "shipped",
        **facts,
    }


def said(answer: Any) -> str:
    """Every message of an answer."""
    return "\n".join(str(message) for message in get_messages(answer.wsgi_request))


def act(client: Client, model: str, action: str, rows: Sequence[Any]) -> str:
    """Run an action on some rows; answers what is said about it."""
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    answer = client.post(reverse(f"admin:insights_{model}_changelist"), form)
    assert answer.status_code in {200, 302}
    return said(answer)


def save_links(client: Client, problem: Problem, **rows: object) -> str:
    """Save the page of a problem with rows among its links; answers what is said."""
    links = JiraLink.objects.filter(problem=problem)
    form: dict[str, Any] = {
        "title": problem.title,
        "status": problem.status,
        "jira_links-TOTAL_FORMS": links.count() + ("site" in rows),
        "jira_links-INITIAL_FORMS": links.count(),
        **{f"jira_links-{at}-id": link.pk for at, link in enumerate(links)},
        **{f"jira_links-{at}-problem": problem.pk for at, _ in enumerate(links)},
        **{
            f"jira_links-{links.count()}-{name}": value for name, value in rows.items() if name in {"site", "issue_key"}
        },
        **({"jira_links-0-DELETE": "on"} if "delete" in rows else {}),
    }
    answer = client.post(reverse("admin:insights_problem_change", args=[problem.pk]), form)
    assert answer.status_code == 302, answer.context["errors"]
    return said(answer)


def test_a_site_shows_its_address_and_secret_once_and_its_token_never(root: Client, fake: FakeJira) -> None:
    answer = root.post(reverse("admin:insights_jirasite_add"), site_form(fake))
    assert answer.status_code == 302, answer.context["errors"]
    site = JiraSite.objects.get()
    secret, address = jira_secret_of(site), f"{PUBLIC}/api/v1/jira/{site.pk}/webhook/"
    assert secret in said(answer)
    assert address in said(answer)
    assert JiraStatusMapping.objects.get().status == "shipped"
    page = reverse("admin:insights_jirasite_change", args=[site.pk])
    root.get(page)
    shown = root.get(page).content.decode()
    assert address in shown
    for hidden in (secret, TOKEN, site.token):
        assert hidden not in shown


def test_saving_again_keeps_the_token_and_a_new_address_asks_for_it(root: Client, fake: FakeJira) -> None:
    site = make_site(fake)
    page = reverse("admin:insights_jirasite_change", args=[site.pk])
    assert root.post(page, site_form(fake, new_token="", issue_type="Task")).status_code == 302
    site.refresh_from_db()
    assert (site.issue_type, bool(site.token)) == ("Task", True)
    form = site_form(fake, new_token="", url="http://127.0.0.1:9", **{"mappings-TOTAL_FORMS": "0"})
    answer = root.post(page, form)
    assert answer.status_code == 200
    assert "Give the token" in answer.content.decode()
    site.refresh_from_db()
    assert site.url == fake.url, "a token is not sent where it was not given for"


def test_a_template_with_an_unknown_placeholder_is_refused(root: Client, fake: FakeJira) -> None:
    answer = root.post(reverse("admin:insights_jirasite_add"), site_form(fake, summary_template="{tilte}"))
    assert "{tilte} stands for nothing. Known: {key}," in answer.content.decode()
    assert not JiraSite.objects.exists()


def test_the_connection_is_checked(root: Client, fake: FakeJira) -> None:
    site = make_site(fake)
    JiraSite.objects.update(notice="The token was bad.")
    assert "The token was bad." in root.get(reverse("admin:insights_jirasite_changelist")).content.decode()
    fake.token = "another"
    assert "401" in act(root, "jirasite", "check_connection", [site])
    assert JiraSite.objects.get().notice
    fake.token = TOKEN
    assert "knows the token as Pat Manager's" in act(root, "jirasite", "check_connection", [site])
    assert JiraSite.objects.get().notice == ""
    old = jira_secret_of(site) if site.secret else ""
    assert "secret" in act(root, "jirasite", "rotate", [site])
    assert jira_secret_of(JiraSite.objects.get()) != old
    assert "Queued for 1 sites." in act(root, "jirasite", "read_statuses", [site])
    work()
    assert JiraSite.objects.get().read_at is not None


def test_issues_are_linked_and_unlinked_on_the_page_of_a_problem(root: Client, fake: FakeJira) -> None:
    site, problem, other, issue = make_site(fake), make_problem(), make_problem("Other"), fake.add()
    save_links(root, problem, site=site.pk, issue_key="abc-1")
    work()
    assert issue.properties["heard"]["key"] == problem.key
    page = root.get(reverse("admin:insights_problem_change", args=[problem.pk])).content.decode()
    assert "ABC-1" in page
    assert f"ABC-1 is linked to {problem.key} already" in save_links(root, other, site=site.pk, issue_key="ABC-1")
    assert "is not the key of an issue" in save_links(root, other, site=site.pk, issue_key="nonsense")
    assert JiraLink.objects.count() == 1
    save_links(root, problem, delete=True)
    work()
    assert not JiraLink.objects.exists()
    assert issue.properties == {}


def test_issues_are_created_from_the_list(root: Client, fake: FakeJira) -> None:
    site, problem = make_site(fake), make_problem()
    action = f"jira_create_{site.pk}"
    assert f"{problem.key} gets an issue in Our Jira." in act(root, "problem", action, [problem])
    assert "gets an issue" in act(root, "problem", action, [problem])
    work()
    assert f"{problem.key} has ABC-1 in Our Jira." in act(root, "problem", action, [problem])
    assert len(fake.issues) == 1
    Problem.objects.filter(pk=problem.pk).update(merged_into=make_problem("SSO"))
    assert "is part of" in act(root, "problem", action, [problem])


def test_links_are_looked_at_and_taken_away(root: Client, fake: FakeJira) -> None:
    site, problem = make_site(fake), make_problem()
    act(root, "problem", f"jira_create_{site.pk}", [problem])
    link = JiraLink.objects.get()
    assert "not created yet" in root.get(reverse("admin:insights_jiralink_changelist")).content.decode()
    work()
    shown = root.get(reverse("admin:insights_jiralink_changelist")).content.decode()
    assert f"{fake.url}/browse/ABC-1" in shown
    assert root.get(reverse("admin:insights_jiralink_change", args=[link.pk])).status_code == 200
    assert root.get(reverse("admin:insights_jiralink_add")).status_code == 403
    act(root, "jiralink", "unlink", [link])
    work()
    assert not JiraLink.objects.exists()


def test_who_may_only_look_changes_nothing(client: Client, fake: FakeJira) -> None:
    site, problem = make_site(fake), make_problem()
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(viewer)
    act(client, "problem", f"jira_create_{site.pk}", [problem])
    JiraLink.objects.create(site=site, problem=problem, issue_key="ABC-1")
    act(client, "jiralink", "unlink", [JiraLink.objects.get()])
    act(client, "jirasite", "rotate", [site])
    assert JiraLink.objects.count() == 1
    assert JiraSite.objects.get().secret == ""
    page = reverse("admin:insights_problem_change", args=[problem.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"title": "x"}).status_code == 403


def test_a_site_goes_with_its_links(root: Client, fake: FakeJira) -> None:
    site, problem = make_site(fake), make_problem()
    JiraLink.objects.create(site=site, problem=problem, issue_key="ABC-1", due_at=dt.datetime.now(dt.UTC))
    page = reverse("admin:insights_jirasite_delete", args=[site.pk])
    assert root.post(page, {"post": "yes"}).status_code == 302
    assert not JiraLink.objects.exists()
    assert Problem.objects.exists()
