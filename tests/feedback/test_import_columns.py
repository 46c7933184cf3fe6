"""Every column of accounts and contacts: what is read, what is refused by row, what a file without it leaves alone."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import timezone

from customers.models import Account, Contact
from customers.sources.accounts import COLUMNS as ACCOUNT_COLUMNS
from customers.sources.contacts import COLUMNS as CONTACT_COLUMNS
from tests.factories import dump, make_account, make_contact
from tests.feedback.tables import Outcome, run_import, write_table

pytestmark = pytest.mark.django_db
REQUIRED = {"accounts": {"account_id": "A1", "name": "One"}, "contacts": {"email": "a@x.example", "account_id": "A0"}}
SECOND = {"accounts": {"account_id": "A2"}, "contacts": {"email": "b@x.example"}}
SOON = timezone.localdate() + dt.timedelta(days=2)
NUMBERS = ("NaN", "sNaN", "Infinity", "1e308", "1e999999999999999999", "five", "1,5", "0x10", "-1")
DATES = ("0001-01-01", "9999-12-31", "1989-12-31", "2100-01-01", "31/12/2026", "2026-02-30", "soon", "0", "-1")


def _import(folder: Path, kind: str, *rows: dict[str, str], system: str = "csv") -> Outcome:
    """Import rows; what they lack of the required columns is filled in, other columns they do not have."""
    full = [{**REQUIRED[kind], **row} for row in rows]
    head = list(full[0])
    path = write_table(folder / "t.csv", head, *([row[each] for each in head] for row in full))
    return run_import(kind, path, "--system", system)


BAD = [
    *(("accounts", column, value) for column in ("arr", "lifetime_value", "pipeline") for value in NUMBERS),
    *(("accounts", column, "1000000000000") for column in ("arr", "lifetime_value", "pipeline")),
    *(
        ("accounts", column, value)
        for column in ("contract_start", "contract_end", "renewal_date", "churned_on")
        for value in DATES
    ),
    ("accounts", "churned_on", SOON.isoformat()),
    *(
        ("accounts", column, value)
        for column in (
            "health_score",
            "tenure_months",
            "seats",
            "active_seats",
            "open_tickets",
            "open_invoices_overdue_days",
        )
        for value in (*NUMBERS, "1.5", "2000000001")
    ),
    *(("accounts", "nps", value) for value in ("-101", "101", "1.5", "NaN", "high")),
    *(("accounts", "win_probability", value) for value in ("1.001", *NUMBERS)),
    *(("accounts", "fit", value) for value in ("0.49", "1.01", *NUMBERS)),
    *(("accounts", "currency", value) for value in ("XTS", "euro", "€", "E1R", "US", "EURO")),
    *(("accounts", "country", value) for value in ("Germany", "D", "D1", "DEU", "日本")),
    *(
        ("accounts", "domain", value)
        for value in ("acme", "two words.example", "-acme.example", "acme..example", f"{'x' * 64}.example")
    ),
    *(("accounts", "domain", value) for value in ("javascript:alert(1)", "http://[::1]/", ".".join(["abcdefg"] * 40))),
    ("accounts", "stage", "lost"),
    *(
        ("accounts", column, "x" * (limit + 1))
        for column, limit in (
            ("account_id", 100),
            ("name", 200),
            ("parent_id", 100),
            ("reseller_id", 100),
            ("owner", 120),
            ("tax_id", 40),
            ("segment", 40),
            ("plan", 80),
            ("fit_reasons", 1000),
        )
    ),
    *(("accounts", column, " ") for column in ("account_id", "name")),
    *(("contacts", "email", value) for value in ("", "ann", "@", "a b@x.example", "a@b@c", "x" * 250 + "@x.example")),
    *(("contacts", "account_id", value) for value in ("", "A404", "x" * 101)),
    *(("contacts", "role", value) for value in ("boss", "BUYER!")),
    *(("contacts", "influence", value) for value in ("1.01", *NUMBERS)),
    ("contacts", "name", "x" * 201),
]


@pytest.mark.parametrize(("kind", "column", "value"), BAD)
def test_a_value_that_cannot_be_is_a_row_error_and_the_next_row_is_stored(
    kind: str, column: str, value: str, tmp_path: Path
) -> None:
    make_account("A0")
    good = {column: {**REQUIRED[kind]}.get(column, "")} | SECOND[kind]
    outcome = _import(tmp_path, kind, {column: value}, good)
    assert "1 of 2 rows" in outcome.error
    assert [(note["row"], note["line"], note["column"], note["kept"]) for note in outcome.notes] == [
        ("2", "2", column, "no")
    ]
    stored = Account.objects.exclude(external_id="A0") if kind == "accounts" else Contact.objects.all()
    assert [getattr(row, next(iter(SECOND[kind])).replace("account", "external")) for row in stored] == list(
        SECOND[kind].values()
    )


@pytest.mark.parametrize(
    ("kind", "column"),
    [("accounts", each) for each in ACCOUNT_COLUMNS] + [("contacts", each) for each in CONTACT_COLUMNS],
)
def test_a_null_character_is_a_row_error(kind: str, column: str, tmp_path: Path) -> None:
    make_account("A0")
    values = {**REQUIRED[kind], column: "a\x00b"}
    path = tmp_path / "n.csv"
    path.write_bytes(b"\xff\xfe" + f"{','.join(values)}\n{','.join(values.values())}\n".encode("utf-16-le"))
    outcome = run_import(kind, path)
    assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [("2", column, "no")]
    assert (Account.objects.count(), Contact.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("column", "value", "field", "stored"),
    [
        ("domain", "https://www.Acme.example/about?x=1", "domain", "acme.example"),
        ("domain", "ann@acme.example", "domain", "acme.example"),
        ("domain", "bücher.example.", "domain", "bücher.example"),
        ("domain", "acme.example:8080", "domain", "acme.example"),
        ("country", "de", "country", "DE"),
        ("owner", " Al ", "owner", "Al"),
        ("lifetime_value", "1234.567", "lifetime_value", Decimal("1234.57")),
        ("contract_start", "2026-03-31T09:00:00Z", "contract_start", dt.date(2026, 3, 31)),
        ("contract_end", "2099-12-31", "contract_end", dt.date(2099, 12, 31)),
        ("open_tickets", "2000000000", "open_tickets", 2_000_000_000),
        ("open_invoices_overdue_days", "0", "overdue_days", 0),
        ("win_probability", "0.1235", "win_probability", Decimal("0.124")),
        ("fit", "0.5", "fit", Decimal("0.5")),
        ("fit_reasons", "no budget; ;too small", "fit_reasons", ["no budget", "too small"]),
        ("stage", "Prospect", "stage", "prospect"),
        ("churned_on", timezone.localdate().isoformat(), "stage", "churned"),
    ],
)
def test_an_account_value_is_read(column: str, value: str, field: str, stored: object, tmp_path: Path) -> None:
    outcome = _import(tmp_path, "accounts", {column: value})
    assert outcome.error == ""
    assert getattr(Account.objects.get(), field) == stored


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"seats": "5", "active_seats": "6"}, "active_seats"),
        ({"contract_start": "2026-02-01", "contract_end": "2026-01-31"}, "contract_end"),
        ({"stage": "churned"}, "churned_on"),
        ({"stage": "renewing", "churned_on": "2026-01-31"}, "churned_on"),
    ],
)
def test_values_that_contradict_each_other_are_a_row_error(values: dict[str, str], column: str, tmp_path: Path) -> None:
    outcome = _import(tmp_path, "accounts", values)
    assert [(note["row"], note["column"]) for note in outcome.notes] == [("2", column)]
    assert not Account.objects.exists()


@override_settings(HEARD_BASE_CURRENCY="EUR")
def test_amounts_in_a_file_without_currencies_are_in_the_base_currency(tmp_path: Path) -> None:
    _import(tmp_path, "accounts", {"arr": "5"})
    account = Account.objects.get()
    assert (account.arr, account.currency) == (Decimal(5), "EUR")


@override_settings(HEARD_BASE_CURRENCY="XTS")
def test_a_base_currency_without_a_rate_is_no_reason_to_add_up_other_currencies(tmp_path: Path) -> None:
    rows = [{"account_id": "A1", "arr": "5", "currency": "USD"}, {"account_id": "A2", "arr": "5", "currency": ""}]
    outcome = _import(tmp_path, "accounts", *rows)
    assert [(note["row"], note["column"]) for note in outcome.notes] == [("2", "currency")]
    assert Account.objects.get().currency == "XTS"


def test_every_column_is_read_into_a_field_of_its_own(tmp_path: Path) -> None:
    """A file with all columns, stored again, changes no byte; each column alone leaves the others as they were."""
    full = {
        "account_id": "A1",
        "name": "One",
        "parent_id": "A2",
        "reseller_id": "A2",
        "domain": "one.example",
        "country": "DE",
        "tax_id": "DE 123",
        "owner": "Al",
        "segment": "smb",
        "plan": "Pro",
        "arr": "5.5",
        "currency": "EUR",
        "lifetime_value": "7",
        "contract_start": "2025-01-01",
        "contract_end": "2025-12-31",
        "renewal_date": "2026-01-01",
        "health_score": "50",
        "nps": "-5",
        "tenure_months": "7",
        "seats": "9",
        "active_seats": "4",
        "open_tickets": "2",
        "open_invoices_overdue_days": "3",
        "churned_on": "2026-01-31",
        "stage": "churned",
        "pipeline": "11",
        "win_probability": "0.25",
        "fit": "0.75",
        "fit_reasons": "a; b",
    }
    assert tuple(full) == ACCOUNT_COLUMNS
    make_account("A2")
    assert _import(tmp_path, "accounts", full).notes == []
    before = dump("customers")
    assert "" not in [value for row in before["Account"][1:] for value in row.values()]
    assert _import(tmp_path, "accounts", full).counts() == (0, 0, 1, 0)
    for column, value in full.items():
        alone = {column: value} | ({"churned_on": full["churned_on"]} if column == "stage" else {})
        assert _import(tmp_path, "accounts", alone).counts() == (0, 0, 1, 0)
    assert dump("customers") == before


def test_columns_that_a_contacts_file_lacks_leave_the_contact_as_it_was(tmp_path: Path) -> None:
    first, other = make_account("A0"), make_account("A9")
    make_contact(first, "a@x.example", name="Ann", role="buyer", influence=Decimal("0.9"))
    before = dump("customers")
    assert _import(tmp_path, "contacts", {}).counts() == (0, 0, 1, 0)
    assert dump("customers") == before

    assert _import(tmp_path, "contacts", {"account_id": "A9", "influence": "0.25"}).counts() == (0, 1, 0, 0)
    contact = Contact.objects.get()
    assert (contact.name, contact.role, contact.influence, contact.account) == ("Ann", "buyer", Decimal("0.25"), other)
    _import(tmp_path, "contacts", {"account_id": "A9", "influence": "", "role": ""})
    contact.refresh_from_db()
    assert (contact.name, contact.role, contact.influence) == ("Ann", "unknown", None)


def test_a_new_contact_from_few_columns_has_blanks_and_a_repeat_changes_no_byte(tmp_path: Path) -> None:
    make_account("A0")
    _import(tmp_path, "contacts", {"influence": "0.333"})
    contact = Contact.objects.get()
    assert (contact.name, contact.role, contact.influence) == ("", "unknown", Decimal("0.33"))
    before = dump("customers")
    _import(tmp_path, "contacts", {"influence": "0.333"})
    assert dump("customers") == before


def test_resellers_are_found_by_the_systems_ids_wherever_they_stand(tmp_path: Path) -> None:
    make_account("A3", name="A stranger with the same id")
    _import(tmp_path, "accounts", {"account_id": "A3"}, system="crm")
    rows = [
        {"account_id": "A1", "reseller_id": "A3"},
        {"account_id": "A2", "reseller_id": "A404"},
        {"account_id": "A3", "reseller_id": "A3"},
        {"account_id": "A4", "reseller_id": "A1"},
    ]
    for _ in range(2):
        outcome = _import(tmp_path, "accounts", *rows, system="erp")
        assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [
            ("3", "reseller_id", "yes"),
            ("4", "reseller_id", "yes"),
        ]
    assert "no account 'A404'; the account was kept without a reseller" in outcome.notes[0]["reason"]
    assert "does not sell to itself" in outcome.notes[1]["reason"]
    resellers = dict(Account.objects.values_list("external_id", "reseller__external_id"))
    assert resellers == {"A1": "erp:A3", "A2": None, "A3": None, "erp:A3": None, "A4": "A1"}

    _import(tmp_path, "accounts", {"account_id": "A1"}, system="erp")
    assert Account.objects.get(external_id="A1").reseller is not None
    _import(tmp_path, "accounts", {"account_id": "A1", "reseller_id": ""}, system="erp")
    assert Account.objects.get(external_id="A1").reseller is None


def test_parents_are_found_by_the_ids_of_the_system_that_names_them(tmp_path: Path) -> None:
    rows = [{"account_id": "1", "parent_id": "2"}, {"account_id": "2", "parent_id": ""}]
    for system in ("crm", "erp"):
        assert _import(tmp_path, "accounts", *rows, system=system).notes == []
    parents = dict(Account.objects.values_list("external_id", "parent__external_id"))
    assert parents == {"1": "2", "2": None, "erp:1": "erp:2", "erp:2": None}
