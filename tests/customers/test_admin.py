"""The admin: every model of the three apps has its pages, and they keep the rules."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import (
    Account,
    AccountState,
    ChurnEvent,
    ChurnModel,
    DuplicateProposal,
    ExchangeRate,
    Invoice,
    NpsAnswer,
    SystemAccount,
    SystemPriority,
    UsageReading,
)
from customers.services.identity import accounts_merge
from customers.services.states import account_states_record
from feedback.models import (
    Connection,
    FeedbackItem,
    IdempotentRequest,
    InboundDelivery,
    Job,
    LoggedItem,
    MappingProfile,
    Source,
    Withdrawn,
)
from tests.customers.words import say
from tests.factories import make_account, make_contact, make_item

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 10, 1)
MEASURES = {"auc": 0.8, "brier": 0.1, "calibration_error": 0.02}
CARD = {
    "model": MEASURES,
    "scorecard": None,
    "base_brier": 0.2,
    "rows": 9,
    "days": ["2025-01-01"],
    "churned": 2,
    "tested": 3,
    "tested_on": "2026-01-01",
    "tested_churned": 1,
    "calibration": [{"predicted": 0.2, "observed": 0.3}],
    "features": [{"name": "nps", "kind": "number", "importance": 0.5}],
}
OURS = [model for app in ("customers", "feedback", "insights") for model in apps.get_app_config(app).get_models()]
TYPED_BY_HAND = {"Account", "Connection", "Contact", "ExchangeRate", "MappingProfile", "Source", "SystemPriority"}
INTAKE = [model for model in OURS if model._meta.app_label in {"customers", "feedback"}]


@pytest.fixture
def root(client: Client) -> Client:
    """A browser in which a superuser is signed in."""
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def book() -> None:
    """One row of every intake model."""
    account = make_account("A1", health_score=30)
    make_contact(account)
    make_item(account_id="A1", contact_email="ann@one.example", body="<script>alert(1)</script> =1+1")
    other = make_account("A2", name="Other")
    of_one = {"account": account, "system": "crm"}
    UsageReading.objects.create(**of_one, measured_on=DAY, active_seats=4)
    NpsAnswer.objects.create(**of_one, external_id="N1", answered_on=DAY, score=9)
    Invoice.objects.create(**of_one, number="I1", amount=1, currency="USD", due_on=DAY)
    ChurnEvent.objects.create(**of_one, happened_on=DAY)
    ChurnModel.objects.create(version=1, artefact={}, card=CARD)
    DuplicateProposal.objects.create(left=account, right=other, probability=Decimal("0.9"), reasons=[{"text": "same"}])
    SystemAccount.objects.create(system="crm", external_id="A1", account=account)
    SystemPriority.objects.create(system="crm", priority=1)
    MappingProfile.objects.create(kind="accounts", name="crm export", system="crm", columns={"Id": "account_id"})
    IdempotentRequest.objects.create(caller="key:jira", key="K1", request_hash="0" * 64, status=201)
    connection = Connection.objects.create(slug="desk", system="zendesk")
    InboundDelivery.objects.create(connection=connection, external_id="one", body=b"{}")
    LoggedItem.objects.create(item=FeedbackItem.objects.all()[0], link="https://desk.example/7")
    Withdrawn.objects.create(source=Source.objects.all()[0], external_id="one", as_of=timezone.now())
    accounts_merge(kept=account, merged=make_account("A3"), by=None, today=DAY)
    account_states_record(today=DAY, accounts=[account])


def _url(model: type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def _facts(**facts: Any) -> dict[str, Any]:
    """A filled-in account form."""
    inlines = {
        f"{inline}-{part}_FORMS": 0
        for inline in ("contacts", "states", "system_accounts")
        for part in ("TOTAL", "INITIAL")
    }
    defaults = {"external_id": "A1", "name": "One", "arr": "500.00", "currency": "USD", "stage": "adopting"}
    return {**defaults, **inlines, **facts}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_is_in_the_admin(model: type[Model]) -> None:
    """In pages of its own, or in rows on the page of what it belongs to."""
    inlines = {inline.model for shown in admin.site._registry.values() for inline in shown.inlines}
    assert admin.site.is_registered(model) or model in inlines


@pytest.mark.parametrize("model", INTAKE, ids=lambda model: model.__name__)
@pytest.mark.usefixtures("book")
def test_every_page_opens(model: type[Model], root: Client) -> None:
    row = model._default_manager.first()
    assert row is not None
    for query in ("", "?q=one"):
        assert root.get(_url(model, "changelist") + query).status_code in {200, 302}
    assert root.get(_url(model, "change", row.pk)).status_code == 200
    assert root.get(_url(model, "history", row.pk)).status_code == 200
    expected = 200 if model.__name__ in TYPED_BY_HAND else 403
    assert root.get(_url(model, "add")).status_code == expected


@pytest.mark.parametrize("model", INTAKE, ids=lambda model: model.__name__)
@pytest.mark.usefixtures("book")
def test_no_page_opens_for_a_stranger(model: type[Model], client: Client) -> None:
    assert client.get(_url(model, "changelist")).status_code == 302


@pytest.mark.usefixtures("book")
def test_what_a_customer_said_is_shown_inert(root: Client) -> None:
    answer = root.get(reverse("admin:feedback_feedbackitem_changelist"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert(1)" not in answer.text


@pytest.mark.usefixtures("book")
def test_recorded_states_cannot_be_changed_or_deleted(root: Client) -> None:
    state = AccountState.objects.get()
    before = AccountState.objects.values().get()
    assert root.post(_url(AccountState, "change", state.pk), {"plan": "Free"}).status_code == 403
    assert root.post(_url(AccountState, "delete", state.pk), {"post": "yes"}).status_code == 403
    assert AccountState.objects.values().get() == before


def test_saving_an_account_records_a_state_and_its_risk_once(root: Client) -> None:
    assert root.post(_url(Account, "add"), _facts(health_score=20)).status_code == 302
    account = Account.objects.get()
    states = AccountState.objects.filter(account=account)
    assert [(state.arr, state.churn_risk) for state in states] == [(Decimal("500.00"), account.churn_risk)]
    assert {"text": "health score 20", "points": 1.0} in account.churn_reasons

    page = _url(Account, "change", account.pk)
    assert root.post(page, _facts(health_score=20, name="Renamed")).status_code == 302
    assert states.count() == 1
    assert root.post(page, _facts(health_score=20, arr="900.00")).status_code == 302
    assert [state.arr for state in states.all()] == [Decimal("500.00"), Decimal("900.00")]


@pytest.mark.parametrize("generations", [0, 1, 2])
def test_a_parent_from_the_own_family_is_refused_in_plain_words(generations: int, root: Client) -> None:
    top = youngest = make_account("A1", name="One")
    for n in range(generations):
        youngest = make_account(f"B{n}", name=f"Sub {n}", parent=youngest)

    answer = root.post(_url(Account, "change", top.pk), _facts(parent=youngest.pk))

    assert answer.status_code == 200
    words = f"{youngest} belongs to the family of One (A1): choose another parent."
    assert answer.context["adminform"].form.errors["parent"] == [words]
    assert Account.objects.get(pk=top.pk).parent is None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"arr": "-1"}, "arr"),
        ({"arr": "1e308"}, "arr"),
        ({"arr": "NaN"}, "arr"),
        ({"fit": "0.4"}, "fit"),
        ({"external_id": ""}, "external_id"),
        ({"nps": "500"}, "nps"),
        ({"seats": "1", "active_seats": "2"}, "__all__"),
        ({"stage": "churned"}, "__all__"),
    ],
)
def test_a_bad_value_is_refused_by_the_form(facts: dict[str, str], field: str, root: Client) -> None:
    answer = root.post(_url(Account, "add"), _facts(**facts))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert not Account.objects.exists()


def test_a_rate_is_added_by_hand(root: Client) -> None:
    facts = {"currency": "XTS", "valid_from": "2026-01-01", "per_euro": "2.5"}
    assert root.post(_url(ExchangeRate, "add"), facts).status_code == 302
    assert ExchangeRate.objects.get(currency="XTS").per_euro == Decimal("2.5")


@pytest.mark.usefixtures("book")
def test_a_job_page_is_read_only(root: Client) -> None:
    job = Job.objects.earliest("pk")
    root.post(_url(Job, "change", job.pk), {"state": "done", "payload": "{}"})
    assert Job.objects.get(pk=job.pk).state == "queued"


def test_a_fact_typed_on_an_accounts_page_counts_over_its_systems_until_it_is_blank(root: Client) -> None:
    say("crm", plan="Pro")
    account = Account.objects.get()
    page = _url(Account, "change", account.pk)
    form = {"name": account.name, "arr": ""}
    inline = {"system_accounts-TOTAL_FORMS": 1, "system_accounts-INITIAL_FORMS": 1}

    def plan(typed: str) -> str:
        heard = SystemAccount.objects.filter(system="heard").count()
        counts = {key: value + heard for key, value in inline.items()}
        rows = {f"system_accounts-{at}-id": row.pk for at, row in enumerate(SystemAccount.objects.all())}
        assert root.post(page, _facts(**form, **counts, **rows, plan=typed)).status_code == 302
        return Account.objects.get().plan

    assert plan("Typed") == "Typed"
    say("crm", days=1, plan="Team")
    assert plan("Typed") == "Typed"
    assert plan("") == "Team"
    assert plan("") == "Team"


def test_a_person_typed_on_an_accounts_page_is_found_by_what_they_said(root: Client) -> None:
    account = make_account("A1")
    item = make_item(contact_email="zoe@one.example")
    assert item.contact is None
    person = {"contacts-0-email": "zoe@one.example", "contacts-0-role": "buyer", "contacts-0-account": account.pk}
    answer = root.post(
        _url(Account, "change", account.pk), _facts(**person, **{"contacts-TOTAL_FORMS": 1}, arr="12000.00")
    )
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.contact == account.contacts.get()
