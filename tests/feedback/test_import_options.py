"""What every import command can be told: whose file it is, how its columns are called, to try only."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from customers.models import Account, SystemAccount
from feedback.models import FeedbackItem, MappingProfile
from feedback.services.import_kinds import SystemNameError
from feedback.services.imports import import_rows
from tests.factories import dump, make_account
from tests.feedback.tables import run_import, write_table

pytestmark = pytest.mark.django_db
EVERYTHING = ("customers", "feedback", "insights", "auth", "contenttypes", "admin", "sessions")
FILES: dict[str, list[dict[str, str]]] = {
    "accounts": [
        {"account_id": "A1", "name": "One", "parent_id": "A2", "reseller_id": "A404", "arr": "5"},
        {"account_id": "A2", "name": "Two", "parent_id": "A1", "reseller_id": "", "arr": "x"},
        {"account_id": "A2", "name": "Two", "parent_id": "A1", "reseller_id": "A1", "arr": "7"},
        {"account_id": "A0", "name": "Known, renamed", "parent_id": "", "reseller_id": "", "arr": ""},
    ],
    "contacts": [
        {"email": "a@one.example", "account_id": "A0", "influence": "0.5"},
        {"email": "b@one.example", "account_id": "A404", "influence": ""},
        {"email": "no address", "account_id": "A0", "influence": ""},
    ],
    "feedback": [
        {"external_id": "F1", "body": "Please export", "account_id": "A0"},
        {"external_id": "F2", "body": "Please import", "account_id": "A404"},
        {"external_id": "F3", "body": "...", "account_id": "A0"},
    ],
    "usage": [
        {"account_id": "A0", "measured_on": "2026-01-01", "active_seats": "4"},
        {"account_id": "A404", "measured_on": "2026-01-01", "active_seats": "4"},
        {"account_id": "A0", "measured_on": "2026-01-02", "active_seats": "-4"},
    ],
    "nps": [
        {"answer_id": "N1", "account_id": "A0", "answered_on": "2026-01-01", "score": "4"},
        {"answer_id": "N2", "account_id": "A0", "answered_on": "2026-01-01", "score": "11"},
    ],
    "invoices": [
        {"number": "I1", "account_id": "A0", "amount": "4", "due_on": "2026-01-01"},
        {"number": "I2", "account_id": "A0", "amount": "", "due_on": "2026-01-01"},
    ],
    "churn_events": [
        {"account_id": "A0", "happened_on": "2026-01-01"},
        {"account_id": "A0", "happened_on": "9999-01-01"},
    ],
}


def _write(folder: Path, kind: str, *, called: Mapping[str, str] | None = None) -> Path:
    """The file of a kind, its columns called by other names."""
    rows = FILES[kind]
    head = [(called or {}).get(column, column) for column in rows[0]]
    return write_table(folder / f"{kind}.csv", head, *(list(row.values()) for row in rows))


@pytest.mark.parametrize("kind", FILES)
def test_a_dry_run_stores_nothing_at_all_and_says_what_the_real_run_says(kind: str, tmp_path: Path) -> None:
    make_account("A0")
    path = _write(tmp_path, kind)
    before = dump(*EVERYTHING)

    dry = run_import(kind, path, "--dry-run", "--save-profile", "mine")

    assert dump(*EVERYTHING) == before
    assert "A dry run: nothing was stored" in dry.said
    assert "rows would not be imported" in dry.error

    real = run_import(kind, path)
    assert dump(*EVERYTHING) != before
    assert (real.counts(), real.notes) == (dry.counts(), dry.notes)
    assert real.refused_rows()
    assert "rows were not imported; the others are stored" in real.error


@pytest.mark.parametrize("kind", FILES)
def test_rows_handed_in_become_what_the_same_file_becomes(kind: str, tmp_path: Path) -> None:
    make_account("A0")
    outcome = run_import(kind, _write(tmp_path, kind), "--system", "app", "--dry-run")

    before = dump(*EVERYTHING)
    dry = import_rows(kind=kind, rows=FILES[kind], system="app", dry_run=True)
    assert dump(*EVERYTHING) == before
    report = import_rows(kind=kind, rows=FILES[kind], system="app")

    assert dry == report
    stored = report.stored
    assert (stored.created, stored.updated, stored.unchanged, report.refused) == outcome.counts()
    # A file counts from its header, rows handed in from the first.
    assert [(note.row + 1, note.column, note.reason) for note in report.notes] == [
        (int(note["row"]), note["column"], note["reason"]) for note in outcome.notes
    ]


def test_rows_with_different_columns_say_nothing_of_what_they_lack() -> None:
    rows = [
        {"account_id": "A1", "name": "One", "plan": "Pro", "parent_id": "A3"},
        {"account_id": "A2", "name": "Two", "owner": "Al"},
        {"account_id": "A1", "name": "One", "owner": "Bo"},
        {"name": "Three", "account_id": "A3"},
    ]
    report = import_rows(kind="accounts", rows=rows, system="crm")
    assert report.notes == []
    found = {each.external_id: (each.plan, each.owner, each.parent) for each in Account.objects.all()}
    third = Account.objects.get(external_id="A3")
    assert found == {"A1": ("Pro", "Bo", third), "A2": ("", "Al", None), "A3": ("", "", None)}


def test_half_a_character_is_refused_wherever_it_stands() -> None:
    make_account("A0")
    for kind, rows in FILES.items():
        for column in rows[0]:
            report = import_rows(kind=kind, rows=[{**rows[0], column: "a\ud800b"}], system="crm")
            assert [(note.row, note.column, note.kept) for note in report.notes] == [(1, column, False)]


@pytest.mark.parametrize("system", ["", "My CRM", "x" * 41, "CRM", "crm\n", "../x", "heard", "usage", "churn"])
def test_a_system_that_cannot_have_that_name_is_refused(system: str, tmp_path: Path) -> None:
    with pytest.raises(SystemNameError, match=r"is not a system|Heard itself speaks"):
        import_rows(kind="accounts", rows=FILES["accounts"], system=system)
    if system:
        outcome = run_import("accounts", _write(tmp_path, "accounts"), "--system", system)
        assert system in outcome.error.replace("\\n", "\n")
    assert not Account.objects.exists()


def test_without_a_system_a_file_is_nobodys_in_particular(tmp_path: Path) -> None:
    run_import("accounts", _write(tmp_path, "accounts"))
    run_import("feedback", _write(tmp_path, "feedback"))
    assert set(SystemAccount.objects.values_list("system", flat=True)) == {"csv"}
    assert set(FeedbackItem.objects.values_list("source__key", flat=True)) == {"csv"}


def test_feedback_without_a_source_comes_from_the_system(tmp_path: Path) -> None:
    run_import("feedback", _write(tmp_path, "feedback"), "--system", "zendesk")
    assert set(FeedbackItem.objects.values_list("source__key", flat=True)) == {"zendesk"}


def test_a_mapping_is_saved_and_used_by_its_name(tmp_path: Path) -> None:
    path = _write(tmp_path, "accounts", called={"account_id": "Id", "name": "Account Name"})
    saved = run_import(
        "accounts", path, "--map", "Id=account_id", "--map", "Account Name=name", "--system", "crm",
        "--save-profile", "weekly",
    )  # fmt: skip
    again = run_import("accounts", path, "--profile", "weekly")

    assert "Mapping saved: --profile weekly" in saved.said
    assert again.counts() == (0, 0, 3, 1)
    profile = MappingProfile.objects.get()
    assert (profile.kind, profile.name, profile.system) == ("accounts", "weekly", "crm")
    assert profile.columns == {"Id": "account_id", "Account Name": "name"}
    assert set(SystemAccount.objects.values_list("system", flat=True)) == {"crm"}


def test_what_a_call_says_goes_over_what_was_saved_and_can_be_saved_over_it(tmp_path: Path) -> None:
    MappingProfile.objects.create(kind="accounts", name="weekly", system="crm", columns={"Id": "account_id"})
    path = _write(tmp_path, "accounts", called={"account_id": "Id", "name": "Title"})
    arguments = ("--profile", "weekly", "--map", "Title=name", "--system", "erp", "--save-profile", "weekly")
    run_import("accounts", path, *arguments)
    profile = MappingProfile.objects.get()
    assert (profile.system, profile.columns) == ("erp", {"Id": "account_id", "Title": "name"})
    assert set(SystemAccount.objects.values_list("system", flat=True)) == {"erp"}


def test_a_mapping_that_nobody_saved_is_answered_with_those_that_there_are(tmp_path: Path) -> None:
    path = _write(tmp_path, "accounts")
    assert (
        "No mapping of accounts is saved as 'x'. Saved: none yet."
        in run_import("accounts", path, "--profile", "x").error
    )
    for name, kind in (("weekly", "accounts"), ("yearly", "accounts"), ("other", "contacts")):
        MappingProfile.objects.create(kind=kind, name=name, system="crm", columns={})
    error = run_import("accounts", path, "--profile", "other").error
    assert "No mapping of accounts is saved as 'other'. Saved: weekly, yearly." in error
    assert not Account.objects.exists()


def test_a_mapping_is_not_saved_of_a_file_that_could_not_be_read_nor_under_too_long_a_name(tmp_path: Path) -> None:
    path = _write(tmp_path, "accounts")
    assert (
        "has no column 'Nope' to map"
        in run_import("accounts", path, "--map", "Nope=name", "--save-profile", "bad").error
    )
    assert "at most 80 characters" in run_import("accounts", path, "--save-profile", "x" * 81).error
    assert not MappingProfile.objects.exists()
    assert not Account.objects.exists()
