"""The three import commands: what they store, what they answer, what a second run does."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from customers.models import Account, AccountState, Contact
from feedback.models import FeedbackItem, FeedbackOriginal, ItemState, Job
from feedback.services.imports import import_file
from tests.factories import make_account, make_contact
from tests.feedback.tables import (
    CONTACT_HEAD,
    FEEDBACK_HEAD,
    HEADS,
    account_row,
    feedback_row,
    import_accounts,
    import_feedback,
    run_import,
    table_counts,
    write_table,
)

pytestmark = pytest.mark.django_db


def _export(folder: Path) -> dict[str, Path]:
    """A small export as companies have it: unknown accounts, repeats, a parent later in the file."""
    accounts = [
        account_row(
            "A1", parent_id="A2", segment="Enterprise", plan="Two year", arr=90000.5, renewal_date="2027-01-31"
        ),
        account_row("A2", health_score=45, nps=-10, tenure_months=7, seats=20, active_seats=5),
        account_row("A3", currency="GBP", churned_on="2026-05-01", open_invoices_overdue_days=61),
    ]
    contacts: list[list[object]] = [
        ["ann@one.example", "Ann Example", "A1", "buyer"],
        ["bob@two.example", "Bob Example", "A2", "user"],
    ]
    feedback = [
        feedback_row("F1", account_id="A1", contact_email="ann@one.example", severity="high", subject="Export"),
        feedback_row("F2", account_id="X999", source="intercom", kind="complaint"),
        feedback_row("F3", account_id="A1", contact_email="ann@one.example", body="Please let us export report F1"),
    ]
    rows: dict[str, list[list[object]]] = {"accounts": accounts, "contacts": contacts, "feedback": feedback}
    return {kind: write_table(folder / f"{kind}.csv", HEADS[kind], *rows[kind]) for kind in rows}


def test_an_export_is_stored_with_all_its_facts(tmp_path: Path) -> None:
    outcomes = {kind: run_import(kind, path) for kind, path in _export(tmp_path).items()}

    assert [outcome.error for outcome in outcomes.values()] == ["", "", ""]
    assert [outcome.counts() for outcome in outcomes.values()] == [(3, 0, 0, 0), (2, 0, 0, 0), (3, 0, 0, 0)]
    first = Account.objects.select_related("parent").get(external_id="A1")
    assert first.parent is not None
    assert (first.parent.external_id, first.segment, first.arr) == ("A2", "enterprise", Decimal("90000.50"))
    assert (first.renewal_date, first.stage) == (dt.date(2027, 1, 31), "adopting")
    second = Account.objects.get(external_id="A2")
    assert (second.health_score, second.nps, second.tenure_months) == (45, -10, 7)
    assert (second.seats, second.active_seats) == (20, 5)
    third = Account.objects.get(external_id="A3")
    assert (third.currency, third.stage, third.churned_on) == ("GBP", "churned", dt.date(2026, 5, 1))
    assert third.overdue_days == 61
    item = FeedbackItem.objects.select_related("source", "account", "contact").get(external_id="F1")
    assert (item.source.key, item.kind, item.severity, item.account) == ("zendesk", "request", "high", first)
    assert (item.contact, item.said_at) == (
        Contact.objects.get(email="ann@one.example"),
        dt.datetime(2026, 10, 1, 9, 30, tzinfo=dt.UTC),
    )
    assert item.text == "Export\nPlease let us export report F1"
    assert AccountState.objects.count() == 3


def test_a_second_run_changes_nothing_and_says_so(tmp_path: Path) -> None:
    paths = _export(tmp_path)
    for kind, path in paths.items():
        run_import(kind, path)
    counts, facts = table_counts(), list(FeedbackItem.objects.values())

    again = {kind: run_import(kind, path) for kind, path in paths.items()}

    assert table_counts() == counts
    assert list(FeedbackItem.objects.values()) == facts
    assert [outcome.counts() for outcome in again.values()] == [(0, 0, 3, 0), (0, 0, 2, 0), (0, 0, 3, 0)]


def test_a_changed_row_updates_its_account_and_its_contact(tmp_path: Path) -> None:
    paths = _export(tmp_path)
    for kind in ("accounts", "contacts"):
        run_import(kind, paths[kind])
    before = Account.objects.get(external_id="A2").updated_at

    outcome = import_accounts(tmp_path, account_row("A2", arr="1.00"))
    renamed = run_import(
        "contacts", write_table(tmp_path / "c.csv", CONTACT_HEAD, ["ANN@one.example", "Ann New", "A2", "champion"])
    )

    account = Account.objects.get(external_id="A2")
    assert (outcome.counts(), account.arr) == ((0, 1, 0, 0), Decimal("1.00"))
    assert account.updated_at > before
    contact = Contact.objects.get(email="ann@one.example")
    assert renamed.counts() == (0, 1, 0, 0)
    assert (contact.name, contact.role, contact.account) == ("Ann New", "champion", account)


@pytest.mark.parametrize("kind", ["accounts", "contacts", "feedback"])
def test_columns_by_other_names_are_mapped(kind: str, tmp_path: Path) -> None:
    make_account("A9")
    theirs = {"accounts": "Id", "contacts": "Mail", "feedback": "Ticket"}[kind]
    ours = {"accounts": "account_id", "contacts": "email", "feedback": "external_id"}[kind]
    head = [theirs if column == ours else column for column in HEADS[kind]]
    row: dict[str, list[object]] = {
        "accounts": account_row("A1"),
        "contacts": ["e@x.example", "E", "A9", "user"],
        "feedback": feedback_row(),
    }
    path = write_table(tmp_path / "t.csv", head, row[kind])

    refused = run_import(kind, path)
    mapped = run_import(kind, path, "--map", f"{theirs}={ours}")

    assert f"lacks the column '{ours}'" in refused.error
    assert f"--map THEIRS={ours}" in refused.error
    assert (mapped.error, mapped.counts()) == ("", (1, 0, 0, 0))


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ("Ticket", "not of the form THEIRS=OURS"),
        ("=body", "not of the form THEIRS=OURS"),
        ("Nope=body", "has no column 'Nope' to map"),
        ("subject=headline", "'headline' is not a column of this import"),
        ("subject=body", "names the column 'body' twice"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(mapping: str, complaint: str, tmp_path: Path) -> None:
    outcome = run_import("feedback", write_table(tmp_path / "t.csv", FEEDBACK_HEAD, feedback_row()), "--map", mapping)
    assert complaint in outcome.error
    assert not FeedbackItem.objects.exists()


def test_an_item_of_an_unknown_account_is_kept_and_linked_when_the_account_arrives(tmp_path: Path) -> None:
    outcome = import_feedback(tmp_path, feedback_row("F1"), feedback_row("F2", account_id="A7"))

    assert outcome.error == ""
    assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [("3", "account_id", "yes")]
    assert "no account 'A7' yet; the item was kept and flagged" in outcome.notes[0]["reason"]
    homeless = FeedbackItem.objects.without_account().get()
    assert (homeless.external_id, homeless.account_reference) == ("F2", "A7")

    import_accounts(tmp_path, account_row("A7"))

    assert FeedbackItem.objects.get(external_id="F2").account == Account.objects.get(external_id="A7")
    assert not FeedbackItem.objects.without_account().exists()


def test_a_contact_who_arrives_after_the_feedback_is_linked_and_named_no_more(tmp_path: Path) -> None:
    import_feedback(
        tmp_path,
        feedback_row("F1", account_id="A1", contact_email="Ann@one.example", body="Export, please. Ann"),
        feedback_row("F2", account_id="A1", contact_email="bob@one.example", body="Nothing of mine. Ann"),
    )
    FeedbackItem.objects.update(state=ItemState.UNPLACED)
    import_accounts(tmp_path, account_row("A1"))

    run_import("contacts", write_table(tmp_path / "c.csv", CONTACT_HEAD, ["ann@one.example", "Ann", "A1", "buyer"]))

    items = {item.external_id: item for item in FeedbackItem.objects.select_related("contact")}
    assert items["F1"].contact == Contact.objects.get()
    assert (items["F1"].text, items["F1"].state) == ("Export, please. [name]", ItemState.WAITING)
    assert (items["F2"].contact, items["F2"].text) == (None, "Nothing of mine. Ann")
    assert items["F2"].state == ItemState.UNPLACED
    queued = Job.objects.filter(kind="place", payload={"item_ids": [items["F1"].pk]})
    assert queued.count() == 1


def test_a_contact_typed_in_capitals_is_the_same_person_in_a_file(tmp_path: Path) -> None:
    account = make_account("A1")
    make_contact(account, "Ann@One.example", name="Ann")
    path = write_table(tmp_path / "c.csv", CONTACT_HEAD, ["ann@one.example", "Ann New", "A1", "buyer"])

    outcome = run_import("contacts", path)
    import_feedback(tmp_path, feedback_row(account_id="A1", contact_email="ann@one.example"))

    assert (outcome.error, outcome.counts()) == ("", (0, 1, 0, 0))
    assert Contact.objects.get().name == "Ann New"
    assert FeedbackItem.objects.get().contact == Contact.objects.get()


def test_a_contact_of_an_unknown_account_is_refused_until_the_account_is_there(tmp_path: Path) -> None:
    path = write_table(
        tmp_path / "c.csv", CONTACT_HEAD, ["a@x.example", "A", "A1", "user"], ["no address", "B", "A1", "user"]
    )
    before = run_import("contacts", path)
    import_accounts(tmp_path, account_row("A1"))
    after = run_import("contacts", path)

    assert sorted(before.refused_rows()) == [2, 3]
    assert "no account 'A1'; import the accounts first" in " ".join(note["reason"] for note in before.notes)
    assert after.refused_rows() == [3]
    assert [contact.email for contact in Contact.objects.all()] == ["a@x.example"]


def test_an_import_cut_short_and_run_again_ends_with_every_row_once(tmp_path: Path) -> None:
    rows = [feedback_row(f"F{n}", body=f'Line one of {n}\nline "two" of {n}') for n in range(40)]
    whole = write_table(tmp_path / "whole.csv", FEEDBACK_HEAD, *rows)
    data = whole.read_bytes()
    cut = tmp_path / "cut.csv"
    for length in (len(data) // 3, len(data) // 2 + 7, len(data) - 5):
        cut.write_bytes(data[:length])
        run_import("feedback", cut)

    outcome = run_import("feedback", whole)

    assert outcome.error == ""
    assert FeedbackItem.objects.count() == FeedbackOriginal.objects.count() == 40
    bodies = {item.external_id: item.original.body for item in FeedbackItem.objects.select_related("original")}
    assert bodies == {f"F{n}": f'Line one of {n}\nline "two" of {n}' for n in range(40)}


class _KilledError(RuntimeError):
    """Stands for the process ending between two batches."""


def test_an_import_killed_between_batches_and_run_again_ends_with_every_row_once(tmp_path: Path) -> None:
    path = write_table(tmp_path / "f.csv", FEEDBACK_HEAD, *(feedback_row(f"F{n}") for n in range(2100)))

    def killed(_line: int, _lines: int) -> None:
        raise _KilledError

    with pytest.raises(_KilledError):
        import_file(kind="feedback", path=path, renamed={}, progress=killed)
    assert FeedbackItem.objects.count() == 1000

    outcome = run_import("feedback", path)

    assert (outcome.error, outcome.counts()) == ("", (1100, 0, 1000, 0))
    assert FeedbackItem.objects.count() == FeedbackOriginal.objects.count() == 2100


def test_refused_rows_end_the_command_with_an_error_and_the_others_are_stored(tmp_path: Path) -> None:
    outcome = import_feedback(tmp_path, feedback_row("F1"), feedback_row("F2", kind="rant"), feedback_row("F3"))

    assert "1 of 3 rows were not imported; the others are stored" in outcome.error
    assert outcome.counts() == (2, 0, 0, 1)
    assert outcome.notes == [
        {
            "row": "3",
            "line": "3",
            "column": "kind",
            "reason": "'rant' is not one of request, ticket, complaint, question, praise, other",
            "kept": "no",
        }
    ]
    assert sorted(item.external_id for item in FeedbackItem.objects.all()) == ["F1", "F3"]
