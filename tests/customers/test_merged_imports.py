"""Files that name accounts which were made one company."""

from pathlib import Path

import pytest

from customers.models import Account, Contact, NpsAnswer, SystemAccount, UsageReading
from customers.services.identity import accounts_merge, accounts_merge_undo
from customers.services.references import accounts_find
from feedback.models import FeedbackItem
from tests.customers.words import DAY, facts_of, say
from tests.factories import dump
from tests.feedback.tables import run_import, write_table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company() -> None:
    """The CRM's C1 and the billing system's B1 are one company, kept as C1; C2 stands by itself."""
    say("crm", "C1", plan="Pro")
    say("billing", "B1", owner="Al")
    say("crm", "C2")
    accounts_merge(kept=_account("C1"), merged=_account("B1"), by=None, today=DAY)


def _account(external_id: str) -> Account:
    return Account.objects.get(external_id=external_id)


def _import(folder: Path, kind: str, values: dict[str, str], system: str) -> list[dict[str, str]]:
    path = write_table(folder / f"{kind}.csv", list(values), list(values.values()))
    return run_import(kind, path, "--system", system).notes


def test_facts_of_either_account_are_facts_of_the_company(tmp_path: Path) -> None:
    _import(tmp_path, "accounts", {"account_id": "B1", "name": "Billed", "owner": "Bo"}, "billing")
    _import(tmp_path, "accounts", {"account_id": "C1", "name": "Sold", "plan": "Team"}, "crm")
    assert facts_of("C1", "plan", "owner") == ("Team", "Bo")
    assert SystemAccount.objects.get(system="billing").account == _account("B1")
    assert Account.objects.count() == 3


def test_rows_about_a_merged_account_stay_its_own(tmp_path: Path) -> None:
    _import(tmp_path, "contacts", {"email": "a@x.example", "account_id": "B1"}, "billing")
    _import(tmp_path, "feedback", {"external_id": "F1", "body": "Export", "account_id": "B1"}, "billing")
    _import(tmp_path, "usage", {"account_id": "B1", "measured_on": "2026-01-01", "active_seats": "4"}, "billing")
    _import(tmp_path, "usage", {"account_id": "C1", "measured_on": "2026-01-01", "active_seats": "9"}, "billing")
    row = {"answer_id": "N1", "account_id": "B1", "answered_on": "2026-01-01", "score": "9"}
    _import(tmp_path, "nps", row, "billing")

    for model in (Contact, FeedbackItem, NpsAnswer):
        assert model._default_manager.get().account == _account("B1")
    readings = dict(UsageReading.objects.values_list("account__external_id", "active_seats"))
    assert readings == {"B1": 4, "C1": 9}
    assert facts_of("C1", "nps") != (None,)


def test_the_same_feedback_before_and_after_a_merge_is_unchanged(tmp_path: Path) -> None:
    values = {"external_id": "F1", "body": "Export", "account_id": "C2", "created_at": "2026-01-01"}
    _import(tmp_path, "feedback", values, "crm")
    before = list(FeedbackItem.objects.values())
    accounts_merge(kept=_account("C1"), merged=_account("C2"), by=None, today=DAY)
    _import(tmp_path, "feedback", values, "crm")
    assert list(FeedbackItem.objects.values()) == before


def test_an_id_that_only_one_company_goes_by_is_found_from_everywhere() -> None:
    say("erp", "B1-erp")
    accounts_merge(kept=_account("C1"), merged=_account("B1-erp"), by=None, today=DAY)
    SystemAccount.objects.create(system="app", external_id="77", account=_account("B1"))
    SystemAccount.objects.create(system="erp", external_id="77", account=_account("C1"))
    SystemAccount.objects.create(system="app", external_id="78", account=_account("B1"))
    SystemAccount.objects.create(system="erp", external_id="78", account=_account("C2"))
    found = accounts_find(references=["77", "78", "B1"], system="zendesk")
    assert found == {"77": _account("C1").pk, "B1": _account("B1").pk}
    assert accounts_find(references=["78"], system="erp") == {"78": _account("C2").pk}


def test_a_company_keeps_the_parent_that_is_said_of_the_kept_account(tmp_path: Path) -> None:
    head = ["account_id", "name", "parent_id", "reseller_id"]
    path = write_table(tmp_path / "a.csv", head, ["C1", "One", "C2", "C2"], ["C2", "Two", "", ""])
    run_import("accounts", path, "--system", "crm")
    blank = write_table(tmp_path / "b.csv", head, ["B1", "One", "", ""])
    run_import("accounts", blank, "--system", "billing")
    assert (_account("C1").parent, _account("C1").reseller) == (_account("C2"), _account("C2"))

    other = write_table(tmp_path / "c.csv", head, ["B1", "One", "C1", "C1"])
    assert run_import("accounts", other, "--system", "billing").notes == []
    assert (_account("B1").parent, _account("B1").reseller) == (None, None)


def test_a_merged_account_as_parent_stands_for_its_company(tmp_path: Path) -> None:
    values = {"account_id": "C2", "name": "Two", "parent_id": "B1"}
    assert _import(tmp_path, "accounts", values, "crm") == []
    assert _account("C2").parent == _account("B1")
    for column in ("parent_id", "reseller_id"):
        own = _import(tmp_path, "accounts", {"account_id": "C1", "name": "One", column: "B1"}, "crm")
        assert [(note["column"], note["kept"]) for note in own] == [(column, "yes")]
    circle = _import(tmp_path, "accounts", {"account_id": "C1", "name": "One", "parent_id": "C2"}, "crm")
    assert "belongs to this account's own family" in circle[0]["reason"]


def test_a_file_again_after_the_merge_changes_no_byte(tmp_path: Path) -> None:
    values = {"account_id": "C1", "name": "Account C1", "plan": "Pro", "parent_id": "C2"}
    _import(tmp_path, "accounts", values, "crm")
    before = dump("customers")
    _import(tmp_path, "accounts", values, "crm")
    assert dump("customers") == before


def test_an_undone_merge_leaves_what_came_in_between_where_it_belongs(tmp_path: Path) -> None:
    _import(tmp_path, "accounts", {"account_id": "B1", "name": "Billed", "owner": "Bo"}, "billing")
    accounts_merge_undo(merge=_account("C1").merges.get(), by=None, today=DAY)
    assert (facts_of("B1", "name", "owner"), facts_of("C1", "name", "owner")) == (("Billed", "Bo"), ("Account C1", ""))
