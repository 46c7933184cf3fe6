"""A small company whose feedback has been triaged with the real model."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.test import Client

from feedback.services.items import feedback_ingest
from insights.models import ApiKey, Ranking
from insights.services.triage import TriageSummary, triage_drain
from tests.factories import make_account, make_contact, make_record
from tests.kept_rows import KeptRows

SAID = {
    "sso": [
        "We need single sign-on with our identity provider",
        "Please support SSO login through Okta",
        "Can staff sign in with their company account using SAML single sign-on?",
        "Single sign-on is a must for our security team",
        "Login through our identity provider (SSO) is missing",
    ],
    "export": [
        "I want to export reports to Excel every month",
        "Please add a scheduled export of the monthly report",
        "Exporting the report to a spreadsheet by hand takes hours",
        "Can I schedule a report export to CSV?",
        "Need to export reports automatically",
    ],
    "dark": [
        "Please add a dark mode, the screen is too bright at night",
        "Dark mode for night shifts would help our eyes",
        "The white background hurts at night, dark theme please",
        "Is there a dark theme?",
    ],
    "invoice": [
        "Our invoice shows the wrong VAT number",
        "The VAT number on the invoice is not ours",
        "Please correct the VAT number printed on invoices",
        "Wrong tax number on last month's invoice",
    ],
}
OFF_TOPIC = ["What a lovely summer party that was", "I found a blue umbrella in the lobby"]


def _drained() -> TriageSummary:
    return triage_drain(progress=lambda _step, _done, _total: None)


@pytest.fixture
def drain() -> Callable[[], TriageSummary]:
    """Do all due work."""
    return _drained


def _company_made() -> None:
    accounts = [make_account(f"A{n}", arr=arr, churn_risk="0.1000") for n, arr in enumerate((500_000, 40_000, 3_000))]
    contacts = [make_contact(account, f"buyer@a{n}.example", role="buyer") for n, account in enumerate(accounts)]
    askers: dict[str, list[int | None]] = {"sso": [0, 1], "export": [1, 2], "dark": [2], "invoice": [None]}
    records = []
    for topic, texts in SAID.items():
        for n, text in enumerate(texts):
            who = askers[topic][n % len(askers[topic])]
            records.append(
                make_record(
                    f"{topic}-{n}",
                    text,
                    account_id="X9" if who is None else accounts[who].external_id,
                    contact_email="" if who is None else contacts[who].email,
                    severity="high",
                )
            )
    records += [make_record(f"off-{n}", text) for n, text in enumerate(OFF_TOPIC)]
    feedback_ingest(records=records)
    _drained()


COMPANY = KeptRows(_company_made)


@pytest.fixture
def company(db: None) -> Ranking:
    """Four problems, three accounts, one unknown account, triaged and ranked."""
    COMPANY.put()
    ranking = Ranking.objects.first()
    assert ranking is not None
    return ranking


@pytest.fixture
def manager(db: None) -> User:
    """Somebody who may sign in."""
    user: User = get_user_model().objects.create_user("manager", password="a-long-password")
    return user


@pytest.fixture
def browser(manager: User, client: Client) -> Client:
    """A signed-in client."""
    client.force_login(manager)
    return client


@pytest.fixture
def planner(company: Ranking, browser: Client, manager: User) -> Client:
    """The client of somebody who decides about problems."""
    manager.groups.add(Group.objects.get(name="Product manager"))
    return browser


@pytest.fixture
def key(db: None) -> str:
    """An API key that may read."""
    _, text = ApiKey.objects.create_key(name="jira")
    return str(text)


@pytest.fixture
def api(client: Client, key: str) -> Callable[..., object]:
    """Call the API with the key."""
    return lambda path, **query: client.get(path, query, headers={"Authorization": f"Api-Key {key}"})
