"""Intake: one item per identity, the latest facts, originals apart, all or nothing."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from feedback.models import FeedbackItem, FeedbackOriginal, ItemState, Job, Source
from feedback.services.items import feedback_ingest, text_of
from feedback.signals import feedback_ingested
from feedback.sources.records import FeedbackRecord
from tests.factories import make_account, make_contact, make_item, make_record

pytestmark = pytest.mark.django_db


@contextmanager
def _receiver(receive: Any) -> Iterator[None]:
    feedback_ingested.connect(receive, weak=False)
    try:
        yield
    finally:
        feedback_ingested.disconnect(receive)


def _reread(*records: FeedbackRecord) -> list[str]:
    """The external ids of the items that a batch asks to be read."""
    heard: list[int] = []

    def receive(sender: Any, item_ids: list[int], **_kwargs: Any) -> None:
        heard.extend(item_ids)

    with _receiver(receive):
        feedback_ingest(records=records)
    return sorted(FeedbackItem.objects.filter(pk__in=heard).values_list("external_id", flat=True))


def test_the_same_id_of_two_sources_is_two_items() -> None:
    feedback_ingest(records=[make_record("F1", source="zendesk"), make_record("F1", source="email")])
    assert FeedbackItem.objects.count() == Source.objects.count() == 2


def test_a_repeat_changes_nothing_and_is_not_read_again() -> None:
    assert _reread(make_record("F1")) == ["F1"]
    stored = FeedbackItem.objects.values().get()

    assert _reread(make_record("F1"), make_record("F1")) == []
    assert FeedbackItem.objects.values().get() == stored


def test_outcomes_count_every_record() -> None:
    first = feedback_ingest(records=[make_record("F1"), make_record("F2"), make_record("F1", body="Other words")])
    again = feedback_ingest(records=[make_record("F1", severity="high"), make_record("F2"), make_record("F3")])
    assert (first.created, first.updated, first.unchanged) == (2, 0, 1)
    assert (again.created, again.updated, again.unchanged) == (1, 1, 1)


def test_new_words_start_triage_again() -> None:
    make_item("F1")
    make_item("F2")
    FeedbackItem.objects.update(state=ItemState.QUARANTINED, state_reason="broken", attempts=3)

    assert _reread(make_record("F1", body="Something else"), make_record("F2")) == ["F1"]

    changed, same = FeedbackItem.objects.order_by("external_id")
    assert (changed.state, changed.state_reason, changed.attempts) == (ItemState.WAITING, "", 0)
    assert (same.state, same.state_reason, same.attempts) == (ItemState.QUARANTINED, "broken", 3)
    queued = [job.payload["item_ids"] for job in Job.objects.filter(kind="place").order_by("-pk")]
    assert queued[0] == [changed.pk]


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "complaint"},
        {"severity": "blocking"},
        {"said_at": dt.datetime(2026, 9, 1, tzinfo=dt.UTC)},
        {"account_id": "A1"},
        {"contact_email": "zoe@one.example"},
    ],
)
def test_a_new_fact_is_stored_without_reading_the_text_again(facts: dict[str, Any]) -> None:
    make_contact(make_account("A1"), "zoe@one.example", name="Zoe")
    make_item("F1")
    FeedbackItem.objects.update(state=ItemState.PLACED)

    outcome = feedback_ingest(records=[make_record("F1", **facts)])

    item = FeedbackItem.objects.get()
    assert (outcome.updated, item.state) == (1, ItemState.PLACED)
    assert [job.kind for job in Job.objects.order_by("-pk")[:1]] == ["rank"]
    names = {"account_id": "account_reference", "contact_email": "contact_reference"}
    assert all(getattr(item, names.get(field, field)) == value for field, value in facts.items())
    assert (item.account is not None, item.contact is not None) == ("account_id" in facts, "contact_email" in facts)


def test_the_original_is_kept_apart_from_the_redacted_text() -> None:
    make_contact(make_account("A1"))
    body = "Mail me at ann@one.example or +1 650 253 0000. Ann"
    item = make_item("F1", body, subject="Ann asks", contact_email="ann@one.example")
    assert (item.original.subject, item.original.body) == ("Ann asks", body)
    assert item.text == "[name] asks\nMail me at [email] or [phone]. [name]"


def test_the_original_follows_its_source_even_when_the_redacted_text_stays() -> None:
    make_item("F1", "Write to ann@one.example")
    outcome = feedback_ingest(records=[make_record("F1", body="Write to bob@one.example")])
    item = FeedbackItem.objects.get()
    assert (item.text, item.original.body) == ("Write to [email]", "Write to bob@one.example")
    assert (outcome.updated, outcome.unchanged) == (1, 0)


def test_an_item_whose_original_was_erased_can_come_in_again() -> None:
    make_item("F1")
    FeedbackOriginal.objects.all().delete()
    feedback_ingest(records=[make_record("F1")])
    assert FeedbackItem.objects.get().original.body == "Please let us export reports"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quiet_broker")
def test_a_receiver_that_fails_leaves_nothing_behind() -> None:
    def receive(sender: Any, **_kwargs: Any) -> None:
        raise RuntimeError("no room for the job")

    make_item("F0")
    jobs = Job.objects.count()
    with _receiver(receive), pytest.raises(RuntimeError, match="no room"):
        feedback_ingest(records=[make_record("F1", source="new"), make_record("F0", body="Changed")])

    assert [item.text for item in FeedbackItem.objects.all()] == ["Please let us export reports"]
    assert (FeedbackOriginal.objects.count(), Source.objects.count(), Job.objects.count()) == (1, 1, jobs)


def test_item_and_job_share_the_transaction_of_the_caller() -> None:
    with transaction.atomic():
        feedback_ingest(records=[make_record("F1")])
        assert Job.objects.filter(kind="place").exists()
        transaction.set_rollback(True)
    assert not FeedbackItem.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("subject", "body", "text"),
    [
        ("", "Body", "Body"),
        ("Subject", "", "Subject"),
        ("Export", "export fails", "export fails"),
        ("The export of repo...", "The export of reports fails", "The export of reports fails"),
        ("Bug", "The export fails", "Bug\nThe export fails"),
        ("…", " Body ", "Body"),
    ],
)
def test_a_subject_that_repeats_the_body_is_left_out(subject: str, body: str, text: str) -> None:
    assert text_of(subject=subject, body=body) == text


_RECORDS = st.builds(
    make_record,
    st.sampled_from(["F1", "F2", "F3"]),
    st.sampled_from(["Export fails", "Mail ann@one.example", "Mail bob@one.example", "Login is slow"]),
    source=st.sampled_from(["zendesk", "email"]),
    kind=st.sampled_from(["request", "ticket"]),
    severity=st.sampled_from(["low", "high"]),
    account_id=st.sampled_from(["", "A1", "A404"]),
)


class AnySequenceOfBatches(TestCase):
    """Hypothesis needs a rollback around every example."""

    @given(batches=st.lists(st.lists(_RECORDS, max_size=6), max_size=5))
    def test_any_sequence_of_batches_ends_with_one_item_per_identity_and_its_last_facts(
        self, batches: list[list[FeedbackRecord]]
    ) -> None:
        account = make_account("A1")
        for batch in batches:
            outcome = feedback_ingest(records=batch)
            assert outcome.created + outcome.updated + outcome.unchanged == len(batch)

        last = {(record.source, record.external_id): record for batch in batches for record in batch}
        items = FeedbackItem.objects.select_related("source", "original")
        assert {(item.source.key, item.external_id) for item in items} == set(last)
        assert len(items) == len(last) == FeedbackOriginal.objects.count()
        for item in items:
            record = last[item.source.key, item.external_id]
            assert (item.kind, item.severity, item.original.body) == (record.kind, record.severity, record.body)
            assert item.account_reference == record.account_id
            assert item.account == (account if record.account_id == "A1" else None)
