"""At least one row of whatever the admin shows, beside a company that has been triaged."""

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.utils import timezone

from customers.models import (
    Account,
    AccountMerge,
    ChurnModel,
    DuplicateProposal,
    SystemPriority,
)
from customers.services.states import account_states_record
from feedback.models import (
    Connection,
    FeedbackItem,
    IdempotentRequest,
    InboundDelivery,
    LoggedItem,
    MappingProfile,
    Source,
    Withdrawn,
)
from feedback.services.imports import import_rows
from insights.models import (
    Correction,
    Delivery,
    DiscoveryAnswer,
    Event,
    EventType,
    JiraLink,
    JiraSite,
    Problem,
    Proposal,
    Question,
    Run,
    SavedView,
    Scenario,
    SurveyAnswer,
    Told,
    Touched,
)
from insights.services.edits import problems_edit
from tests.factories import MOMENT, make_account
from tests.insights.receivers import make_endpoint

ROWS = {
    "usage": {"account_id": "A1", "measured_on": "2026-01-01", "seats": "10", "active_seats": "4"},
    "nps": {"answer_id": "n1", "account_id": "A1", "answered_on": "2026-01-01", "score": "9"},
    "invoices": {"number": "I1", "account_id": "A1", "amount": "99.00", "due_on": "2026-01-01"},
    "churn_events": {"account_id": "A1", "happened_on": "2025-01-01", "kind": "returned"},
    "accounts": {"account_id": "S1", "name": "Said by a system"},
}
JUDGED = {"auc": 0.7, "brier": 0.1, "calibration_error": 0.02}
CARD = {
    "model": JUDGED,
    "scorecard": JUDGED,
    "base_brier": 0.2,
    "rows": 300,
    "days": ["2025-01-01"],
    "churned": 30,
    "tested": 100,
    "tested_on": "2026-01-01",
    "tested_churned": 9,
    "calibration": [{"predicted": 0.1, "observed": 0.1}],
    "features": [{"name": "nps", "kind": "number", "importance": 0.2}],
}


def one_of_each() -> None:
    """Make what a company that has been triaged lacks."""
    for kind, row in ROWS.items():
        report = import_rows(kind=kind, rows=[row], system="crm")
        assert report.refused == 0, report.notes
    account_states_record(today=timezone.localdate())
    merged, other = make_account("M1"), make_account("M2")
    kept = Account.objects.get(external_id="A0")
    AccountMerge.objects.create(kept=kept, merged=merged, before={})
    left, right = sorted((kept, other), key=lambda account: account.pk)
    DuplicateProposal.objects.create(left=left, right=right, probability="0.9000")
    SystemPriority.objects.create(system="crm", priority=1)
    ChurnModel.objects.create(version=1, artefact={}, card=CARD)
    problem, target = Problem.objects.order_by("pk")[:2]
    Correction.objects.create(kind="rename", problem=problem)
    SurveyAnswer.objects.create(
        problem=problem, account=kept, system="crm", external_id="s1", importance=9, satisfaction=2, asked_on=MOMENT
    )
    run = Run.objects.published()[0]
    Proposal.objects.create(kind="merge", problem=problem, target=target, item_ids=[], run=run, gain=1)
    if not Question.objects.exists():
        item, second = FeedbackItem.objects.order_by("pk")[:2]
        Question.objects.create(item=item, other=second, run=run, gain=1)
    endpoint, _ = make_endpoint("https://receiver.example/")
    event = Event.objects.create(type=EventType.PROBLEM_UPDATED, data={}, created_at=MOMENT)
    Delivery.objects.create(event=event, endpoint=endpoint)
    site = JiraSite.objects.create(
        name="Our Jira", url="https://example.atlassian.net", email="heard@one.example", project="ABC"
    )
    JiraLink.objects.create(site=site, problem=problem, issue_key="ABC-1")
    Touched.objects.create(kind="everything")
    Scenario.objects.create(name="Louder")
    DiscoveryAnswer.objects.create(problem=problem, question="today", text="By hand")
    SavedView.objects.create(name="Large ones", query="min_arr=100000")
    Told.objects.create(problem=problem, news="shipped", email="buyer@a0.example", subject="It is here", body="Hello")
    problems_edit(problems=[problem], values={"status": "planned"}, author=None)
    MappingProfile.objects.create(name="ours", kind="accounts", system="crm", columns={})
    connection = Connection.objects.create(slug="desk", system="zendesk")
    InboundDelivery.objects.create(connection=connection, external_id="1", body=b"{}")
    LoggedItem.objects.create(item=FeedbackItem.objects.latest("pk"), link="https://desk.example/7")
    Withdrawn.objects.create(source=Source.objects.all()[0], external_id="1", as_of=MOMENT)
    IdempotentRequest.objects.create(caller="somebody", key="k", request_hash="h")
    Group.objects.create(name="Agents")


def admin_ids() -> dict[str, str]:
    """One id of every model that the admin shows, by `app/model` as in its addresses.

    Raises:
        AssertionError: a model has no row; make one above.
    """
    ids = {}
    for model in admin.site._registry:
        row = model._default_manager.first()
        assert row is not None, f"one_of_each() makes no {model._meta.label}"
        ids[f"{model._meta.app_label}/{model._meta.model_name}"] = str(row.pk)
    assert User.objects.exists()
    return ids
