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

from customers.models import Account, AccountState, ExchangeRate
from customers.services.states import account_states_record
from feedback.models import Job
from tests.factories import make_account, make_contact, make_item

pytestmark = pytest.mark.django_db
OURS = [model for app in ("customers", "feedback", "insights") for model in apps.get_app_config(app).get_models()]
TYPED_BY_HAND = {"Account", "Contact", "ExchangeRate", "Source"}
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
    account_states_record(today=dt.date(2026, 10, 1))


def _url(model: type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def _facts(**facts: Any) -> dict[str, Any]:
    """A filled-in account form."""
    inlines = {f"{inline}-{part}_FORMS": 0 for inline in ("contacts", "states") for part in ("TOTAL", "INITIAL")}
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
    assert account.churn_reasons == [{"text": "health score 20", "points": 1.0}]

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
    job = Job.objects.get()
    root.post(_url(Job, "change", job.pk), {"state": "done", "payload": "{}"})
    assert Job.objects.get().state == "queued"
