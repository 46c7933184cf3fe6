"""What the database itself refuses, whoever writes."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Model
from django.utils import timezone

from customers.models import (
    Account,
    AccountMerge,
    ChurnEvent,
    ChurnModel,
    Contact,
    DuplicateProposal,
    ExchangeRate,
    Invoice,
    NpsAnswer,
    SystemAccount,
    SystemPriority,
    UsageReading,
)
from feedback.models import (
    Connection,
    FeedbackItem,
    FeedbackOriginal,
    IdempotentRequest,
    InboundDelivery,
    Job,
    MappingProfile,
    Source,
    Withdrawn,
)
from tests.factories import make_account, make_contact, make_item

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 1)
TRILLION = 10**12
INVOICE = {"number": "I1", "amount": 1, "currency": "USD", "due_on": DAY}
Broken = Callable[[], Any]


def _account(**facts: Any) -> Broken:
    return lambda: make_account("A9", **facts)


def _item(**facts: Any) -> Broken:
    def create() -> FeedbackItem:
        source = Source.objects.create(key="s")
        values = {"external_id": "F9", "text": "t", "said_at": timezone.now(), **facts}
        return FeedbackItem.objects.create(source=source, **values)

    return create


def _twice(create: Broken) -> Broken:
    def run() -> None:
        create()
        create()

    return run


def _points_at_itself(field: str) -> Broken:
    def run() -> None:
        make_account("A9")
        Account.objects.update(**{field: F("pk")})

    return run


def _contact(email: str, role: str = "user", **facts: Any) -> Broken:
    return lambda: Contact.objects.create(account=make_account("A9"), email=email, role=role, **facts)


def _of_account(model: type[Model], *rows: dict[str, Any], **facts: Any) -> Broken:
    """One row of an account, or several that differ in `rows`."""

    def run() -> None:
        account = make_account("A9")
        for row in rows or ({},):
            model._default_manager.create(**{"account": account, "system": "crm", **facts, **row})

    return run


def _proposal(*, twice: bool = False, turned: bool = False, **facts: Any) -> Broken:
    def run() -> None:
        left, right = make_account("A8"), make_account("A9")
        if turned:
            left, right = right, left
        for _ in range(1 + twice):
            DuplicateProposal.objects.create(left=left, right=right, **{"probability": Decimal("0.5"), **facts})

    return run


def _merge_of_one() -> None:
    account = make_account("A9")
    AccountMerge.objects.create(kept=account, merged=account, before={})


def _merged_twice() -> None:
    merged = make_account("A9")
    for kept in ("A7", "A8"):
        AccountMerge.objects.create(kept=make_account(kept), merged=merged, before={})


def _churn_model(*versions: int, **facts: Any) -> Broken:
    def run() -> None:
        for version in versions:
            ChurnModel.objects.create(version=version, artefact={}, card={}, **facts)

    return run


def _profile(**facts: Any) -> Broken:
    values = {"name": "export", "kind": "accounts", "system": "crm", "columns": {}, **facts}
    return lambda: MappingProfile.objects.create(**values)


def _priority(**facts: Any) -> Broken:
    return lambda: SystemPriority.objects.create(**{"system": "crm", "priority": 1, **facts})


def _same_address() -> None:
    account = make_account("A9")
    make_contact(account, "ann@one.example")
    make_contact(account, "ANN@one.example")


def _same_item() -> None:
    item = make_item("F1")
    FeedbackItem.objects.create(source=item.source, external_id="F1", text="t", said_at=timezone.now())


def _rate(per_euro: int) -> Broken:
    return lambda: ExchangeRate.objects.create(currency="XTS", valid_from=DAY, per_euro=Decimal(per_euro))


def _connection(**facts: Any) -> Connection:
    return Connection.objects.create(**{"slug": "desk", "system": "zendesk", **facts})


def _delivery(*, times: int = 1, **facts: Any) -> Broken:
    def run() -> None:
        connection = _connection()
        for _ in range(times):
            InboundDelivery.objects.create(**{"connection": connection, "external_id": "1", "body": b"{}", **facts})

    return run


def _withdrawn(*, times: int = 1, external_id: str = "1") -> Broken:
    def run() -> None:
        source = Source.objects.create(key="s")
        for _ in range(times):
            Withdrawn.objects.create(source=source, external_id=external_id, as_of=timezone.now())

    return run


def _job(**facts: Any) -> Broken:
    return lambda: Job.objects.create(kind="test", **facts)


VIOLATIONS: dict[str, list[Broken]] = {
    "account_has_external_id": [lambda: make_account("")],
    "account_is_not_its_own_parent": [_points_at_itself("parent")],
    "account_is_not_its_own_reseller": [_points_at_itself("reseller")],
    "account_is_not_merged_into_itself": [_points_at_itself("merged_into")],
    "account_contract_ends_after_its_start": [_account(contract_start=DAY, contract_end=DAY - dt.timedelta(days=1))],
    "account_lifetime_value_in_range": [_account(lifetime_value=-1), _account(lifetime_value=TRILLION)],
    "account_arr_in_range": [_account(arr=-1), _account(arr=TRILLION)],
    "account_pipeline_in_range": [_account(pipeline=-1), _account(pipeline=TRILLION)],
    "account_win_probability_in_range": [_account(win_probability=Decimal("1.001"))],
    "account_fit_in_range": [_account(fit=Decimal("0.49")), _account(fit=Decimal("1.01"))],
    "account_churn_risk_in_range": [_account(churn_risk=Decimal("1.0001"))],
    "account_health_score_in_range": [_account(health_score=101)],
    "account_nps_in_range": [_account(nps=-101), _account(nps=101)],
    "account_active_seats_within_seats": [_account(seats=4, active_seats=5)],
    "account_churned_stage_has_its_date": [_account(stage="churned"), _account(churned_on=DAY)],
    "connection_has_slug": [lambda: _connection(slug="")],
    "connection_system_known": [lambda: _connection(system="telex")],
    "connection_old_secret_ends": [lambda: _connection(old_secret="sealed")],
    "inbound_delivery_once": [_delivery(times=2)],
    "inbound_delivery_has_external_id": [_delivery(external_id="")],
    "inbound_delivery_state_known": [_delivery(state="lost")],
    "withdrawn_once": [_withdrawn(times=2)],
    "withdrawn_has_external_id": [_withdrawn(external_id="")],
    "contact_email_unique": [_same_address],
    "contact_has_email": [_contact("")],
    "contact_role_known": [_contact("a@x.example", "boss")],
    "contact_influence_in_range": [
        _contact("a@x.example", influence=Decimal("1.01")),
        _contact("a@x.example", influence=Decimal("-0.01")),
    ],
    "system_account_once_per_system": [_of_account(SystemAccount, {}, {}, external_id="1")],
    "system_account_has_system": [_of_account(SystemAccount, system="", external_id="1")],
    "system_account_has_external_id": [_of_account(SystemAccount, external_id="")],
    "system_priority_once_per_field": [_twice(_priority()), _twice(_priority(field="arr"))],
    "system_priority_has_system": [_priority(system="")],
    "duplicate_proposal_once_per_pair": [_proposal(twice=True)],
    "duplicate_proposal_left_before_right": [_proposal(turned=True)],
    "duplicate_proposal_probability": [_proposal(probability=Decimal("1.1")), _proposal(probability=Decimal(-1))],
    "duplicate_proposal_state_known": [_proposal(state="perhaps", decided_at=timezone.now())],
    "duplicate_proposal_decided_has_its_time": [_proposal(state="accepted"), _proposal(decided_at=timezone.now())],
    "account_merge_stands_once": [_merged_twice],
    "account_merge_joins_two": [_merge_of_one],
    "churn_model_one_in_use": [_churn_model(1, 2, in_use=True)],
    "churn_model_version_counts_from_one": [_churn_model(0)],
    "usage_reading_once_a_day": [_of_account(UsageReading, {}, {}, measured_on=DAY, active_seats=1)],
    "usage_reading_active_within_seats": [_of_account(UsageReading, measured_on=DAY, seats=1, active_seats=2)],
    "nps_answer_once_per_system": [_of_account(NpsAnswer, {}, {}, external_id="N1", answered_on=DAY, score=1)],
    "nps_answer_score_in_range": [_of_account(NpsAnswer, external_id="N1", answered_on=DAY, score=11)],
    "nps_answer_has_external_id": [_of_account(NpsAnswer, external_id="", answered_on=DAY, score=1)],
    "invoice_once_per_system": [_of_account(Invoice, {}, {}, **INVOICE)],
    "invoice_has_number": [_of_account(Invoice, {"number": ""}, **INVOICE)],
    "invoice_amount_in_range": [
        _of_account(Invoice, {"amount": -1}, **INVOICE),
        _of_account(Invoice, {"amount": TRILLION}, **INVOICE),
    ],
    "churn_event_once_a_day": [_of_account(ChurnEvent, {}, {"system": "erp"}, happened_on=DAY)],
    "churn_event_kind_known": [_of_account(ChurnEvent, happened_on=DAY, kind="lost")],
    "mapping_profile_once_per_kind": [_twice(_profile())],
    "mapping_profile_has_name": [_profile(name="")],
    "mapping_profile_has_system": [_profile(system="")],
    "exchange_rate_one_per_day": [_twice(_rate(2))],
    "exchange_rate_positive": [_rate(0)],
    "feedback_item_once_per_source": [_same_item],
    "feedback_item_has_external_id": [_item(external_id="")],
    "feedback_item_has_text": [_item(text="")],
    "feedback_item_kind_known": [_item(kind="rant")],
    "feedback_item_severity_known": [_item(severity="dire")],
    "feedback_item_state_known": [_item(state="lost")],
    "idempotent_request_once_per_caller": [_twice(lambda: IdempotentRequest.objects.create(caller="c", key="k"))],
    "job_waits_once_per_key": [_twice(_job(key="all"))],
    "job_state_known": [_job(state="lost")],
    "job_running_holds_a_lease": [_job(state="running"), _job(state="running", lease_until=timezone.now())],
    "source_has_key": [lambda: Source.objects.create(key="")],
}
CASES = [(name, broken) for name, several in VIOLATIONS.items() for broken in several]


@pytest.mark.parametrize(("name", "broken"), CASES, ids=[name for name, _ in CASES])
def test_the_database_refuses(name: str, broken: Broken) -> None:
    # SQLite names the columns of a unique constraint rather than the constraint.
    unique = {
        "account_merge_stands_once": "accountmerge.merged_id",
        "churn_event_once_a_day": "churnevent.account_id, .*happened_on, .*kind",
        "churn_model_one_in_use": "churnmodel.in_use",
        "duplicate_proposal_once_per_pair": "duplicateproposal.left_id, .*right_id",
        "exchange_rate_one_per_day": "exchangerate.currency",
        "feedback_item_once_per_source": "feedbackitem.source_id",
        "idempotent_request_once_per_caller": "idempotentrequest.caller, .*key",
        "inbound_delivery_once": "inbounddelivery.connection_id, .*external_id",
        "invoice_once_per_system": "invoice.system, .*number",
        "job_waits_once_per_key": "job.kind",
        "mapping_profile_once_per_kind": "mappingprofile.kind, .*name",
        "nps_answer_once_per_system": "npsanswer.system, .*external_id",
        "system_account_once_per_system": "systemaccount.system, .*external_id",
        "system_priority_once_per_field": "systempriority.system, .*field",
        "usage_reading_once_a_day": "usagereading.account_id, .*system, .*measured_on",
        "withdrawn_once": "withdrawn.source_id, .*external_id",
    }
    # PostgreSQL tells a number that has too many digits before it looks at any constraint.
    said = f"{name}|{unique.get(name, name)}|numeric field overflow"
    with pytest.raises((IntegrityError, DataError), match=said), transaction.atomic():
        broken()


def test_every_constraint_has_a_case() -> None:
    models = [model for app in ("customers", "feedback") for model in apps.get_app_config(app).get_models()]
    named = {constraint.name for model in models for constraint in model._meta.constraints}
    assert named == set(VIOLATIONS)


def test_unique_fields_hold() -> None:
    make_account("A1")
    for repeat in (lambda: make_account("A1"), _twice(lambda: Source.objects.create(key="zendesk"))):
        with pytest.raises(IntegrityError), transaction.atomic():
            repeat()


def test_an_erased_account_takes_its_people_and_its_past_but_not_what_they_said() -> None:
    account = make_account("A1")
    make_contact(account)
    make_item(account_id="A1", contact_email="ann@one.example")
    account.delete()
    item = FeedbackItem.objects.get()
    assert (item.account, item.contact, item.account_reference) == (None, None, "A1")
    assert not Contact.objects.exists()


def test_an_original_goes_with_its_item() -> None:
    make_item().delete()
    assert not FeedbackOriginal.objects.exists()


APPS = ["customers", "feedback", "insights", "config"]


def _foreign_keys(model: type[Model]) -> list[type[Model]]:
    fields = (field for field in model._meta.get_fields() if field.concrete and field.is_relation)
    return [field.related_model for field in fields if isinstance(field.related_model, type)]


def test_foreign_keys_point_only_downwards() -> None:
    """config, insights, feedback, customers: a string reference escapes import-linter, not this walk."""
    seen = 0
    for model in apps.get_models(include_auto_created=True):
        below = model._meta.app_label
        for target in _foreign_keys(model):
            above = target._meta.app_label
            if above not in APPS:
                continue
            assert below in APPS, f"{model.__name__} of {below} points at {target.__name__}"
            assert APPS.index(above) <= APPS.index(below), f"{model.__name__} points up at {target.__name__}"
            seen += 1
    assert seen > 10
