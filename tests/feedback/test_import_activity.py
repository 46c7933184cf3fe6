"""Usage, NPS answers, invoices and churn events: dated facts, and what follows from them for the account."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from customers.models import Account, AccountState, ChurnEvent, ExchangeRate, Invoice, NpsAnswer, UsageReading
from customers.services.activity import activity_refresh
from customers.tasks import account_states_record_daily
from tests.factories import dump, make_account
from tests.feedback.tables import Outcome, account_row, import_accounts, run_import, write_table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one")]
TODAY = timezone.localdate()
ROWS: dict[str, dict[str, object]] = {
    "usage": {"account_id": "A1", "measured_on": "2026-01-31", "active_seats": 4, "seats": 10},
    "nps": {"answer_id": "N1", "account_id": "A1", "answered_on": "2026-01-31", "score": 9, "comment": "fine"},
    "invoices": {
        "number": "I1",
        "account_id": "A1",
        "amount": "10.50",
        "currency": "EUR",
        "issued_on": "2026-01-01",
        "due_on": "2026-01-31",
        "paid_on": "2026-01-15",
    },
    "churn_events": {"account_id": "A1", "happened_on": "2026-01-31", "kind": "left", "reason": "price"},
}
MODELS = {"usage": UsageReading, "nps": NpsAnswer, "invoices": Invoice, "churn_events": ChurnEvent}


@pytest.fixture
def one() -> Account:
    """The account that all rows are about."""
    return make_account("A1", arr=None)


def _ago(days: int) -> str:
    return (TODAY - dt.timedelta(days=days)).isoformat()


def _import(folder: Path, kind: str, rows: Sequence[Mapping[str, object]], *arguments: str) -> Outcome:
    """Import rows; what they leave out stands as in ROWS."""
    head = list(ROWS[kind])
    lines = [[{**ROWS[kind], **row}[column] for column in head] for row in rows]
    return run_import(kind, write_table(folder / f"{kind}.csv", head, *lines), *arguments)


def _facts(*fields: str) -> tuple[object, ...]:
    account = Account.objects.get(external_id="A1")
    return tuple(getattr(account, field) for field in fields)


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_is_stored_with_all_its_facts(kind: str, tmp_path: Path) -> None:
    outcome = _import(tmp_path, kind, [{}], "--system", "app")

    assert (outcome.error, outcome.counts()) == ("", (1, 0, 0, 0))
    row: Any = MODELS[kind]._default_manager.select_related("account").get()
    ours = {"answer_id": "external_id", "account_id": "account"}
    stored = {column: str(getattr(row, ours.get(column, column))) for column in ROWS[kind]}
    assert stored == {column: str(value) for column, value in ROWS[kind].items()} | {"account_id": "Account A1 (A1)"}
    assert row.system == "app"


@pytest.mark.parametrize("kind", ROWS)
def test_the_same_file_again_changes_no_byte(kind: str, tmp_path: Path) -> None:
    _import(tmp_path, kind, [{}, {}])
    before = dump("customers")
    outcome = _import(tmp_path, kind, [{}, {}])
    assert (outcome.error, outcome.counts()) == ("", (0, 0, 2, 0))
    assert dump("customers") == before


@pytest.mark.parametrize(
    ("kind", "changed", "field"),
    [
        ("usage", {"active_seats": 5}, "active_seats"),
        ("nps", {"score": 2}, "score"),
        ("invoices", {"paid_on": ""}, "paid_on"),
        ("churn_events", {"reason": "moved"}, "reason"),
    ],
)
def test_a_row_that_comes_again_changed_updates_the_first(
    kind: str, changed: dict[str, object], field: str, tmp_path: Path
) -> None:
    _import(tmp_path, kind, [{}])
    outcome = _import(tmp_path, kind, [changed])
    assert outcome.counts() == (0, 1, 0, 0)
    assert getattr(MODELS[kind]._default_manager.get(), field) == (changed[field] or None)


@pytest.mark.parametrize("kind", ROWS)
def test_rows_of_unknown_accounts_are_refused_by_number_and_the_others_stored(kind: str, tmp_path: Path) -> None:
    another = {"account_id": "A404", "answer_id": "N2", "number": "I2"}
    unknown = {column: value for column, value in another.items() if column in ROWS[kind]}
    outcome = _import(tmp_path, kind, [unknown, {}, unknown])

    assert "2 of 3 rows were not imported" in outcome.error
    assert outcome.counts() == (1, 0, 0, 2)
    assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [
        ("2", "account_id", "no"),
        ("4", "account_id", "no"),
    ]
    assert "no account 'A404'; import the accounts first" in outcome.notes[0]["reason"]
    assert MODELS[kind]._default_manager.count() == 1


def test_an_account_is_known_by_the_id_that_the_system_uses(tmp_path: Path) -> None:
    make_account("7", name="Another seven")
    path = write_table(tmp_path / "a.csv", ["account_id", "name"], ["7", "Seven"])
    run_import("accounts", path, "--system", "app")
    run_import("accounts", path, "--system", "billing")
    _import(tmp_path, "usage", [{"account_id": "7"}], "--system", "billing")
    assert UsageReading.objects.get().account.external_id == "billing:7"


def test_the_newest_reading_counts_in_whatever_order_they_come(tmp_path: Path) -> None:
    days = [(20, 5), (3, 7), (10, 6)]
    _import(tmp_path, "usage", [{"measured_on": _ago(day), "active_seats": active} for day, active in days])
    assert _facts("seats", "active_seats") == (10, 7)
    _import(tmp_path, "usage", [{"measured_on": _ago(30), "active_seats": 9}])
    assert _facts("active_seats") == (7,)
    _import(tmp_path, "usage", [{"measured_on": _ago(1), "active_seats": 2}])
    assert _facts("active_seats") == (2,)


def test_nps_is_promoters_less_detractors_of_a_year(tmp_path: Path) -> None:
    scores = [(1, 10), (2, 9), (3, 8), (4, 7), (5, 6), (364, 0), (365, 10), (900, 10)]
    _import(
        tmp_path,
        "nps",
        [{"answer_id": f"N{day}", "answered_on": _ago(day), "score": score} for day, score in scores],
    )
    # Two of six promote, two detract; what is older than a year is left out.
    assert _facts("nps") == (0,)
    _import(tmp_path, "nps", [{"answer_id": "N364", "answered_on": _ago(364), "score": 9}])
    assert _facts("nps") == (33,)


def test_nps_answers_fall_out_of_the_year(tmp_path: Path) -> None:
    answers = [(10, 10), (200, 0)]
    _import(tmp_path, "nps", [{"answer_id": f"N{day}", "answered_on": _ago(day), "score": at} for day, at in answers])
    assert _facts("nps") == (0,)
    found: list[object] = []
    for days in (164, 165, 354, 355):
        activity_refresh(today=TODAY + dt.timedelta(days=days))
        found.append(_facts("nps")[0])
    assert found == [0, 100, 100, None]


def test_open_invoices_grow_overdue_day_by_day_until_they_are_paid(tmp_path: Path) -> None:
    bills = [("I1", 5), ("I2", 40), ("I3", -3)]
    rows = [{"number": number, "due_on": _ago(day), "paid_on": ""} for number, day in bills]
    _import(tmp_path, "invoices", rows)
    assert _facts("overdue_days") == (40,)
    activity_refresh(today=TODAY + dt.timedelta(days=2))
    assert _facts("overdue_days") == (42,)

    _import(tmp_path, "invoices", [{"number": "I2", "due_on": _ago(40), "paid_on": _ago(0)}])
    assert _facts("overdue_days") == (5,)
    _import(tmp_path, "invoices", [{"number": "I1", "due_on": _ago(5), "paid_on": _ago(0)}])
    assert _facts("overdue_days") == (0,)
    activity_refresh(today=TODAY + dt.timedelta(days=10))
    assert _facts("overdue_days") == (7,)


def test_an_invoice_is_not_overdue_on_the_day_it_is_due_nor_over_nothing(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"number": "I1", "due_on": _ago(0)},
        {"number": "I2", "due_on": _ago(9), "amount": 0},
    ]
    _import(tmp_path, "invoices", [{**row, "paid_on": ""} for row in rows])
    assert _facts("overdue_days") == (0,)


def test_an_account_that_left_is_churned_until_it_returns(tmp_path: Path) -> None:
    import_accounts(tmp_path, account_row("A1", health_score=20))
    _import(tmp_path, "churn_events", [{"happened_on": _ago(90)}])
    assert _facts("stage", "churned_on", "churn_risk") == ("churned", TODAY - dt.timedelta(days=90), None)

    _import(tmp_path, "churn_events", [{"happened_on": _ago(30), "kind": "returned"}])
    assert _facts("stage", "churned_on") == ("adopting", None)
    assert _facts("churn_risk") != (None,)

    _import(tmp_path, "churn_events", [{"happened_on": _ago(60)}])
    assert _facts("stage") == ("adopting",)
    _import(tmp_path, "churn_events", [{"happened_on": _ago(1), "kind": ""}])
    assert _facts("stage", "churned_on") == ("churned", TODAY - dt.timedelta(days=1))
    assert ChurnEvent.objects.count() == 4
    assert [state.stage for state in AccountState.objects.all()] == ["adopting", "churned", "adopting", "churned"]


def test_the_same_leaving_told_by_two_systems_is_one_event(tmp_path: Path) -> None:
    _import(tmp_path, "churn_events", [{}], "--system", "crm")
    assert _import(tmp_path, "churn_events", [{}], "--system", "erp").counts() == (0, 0, 1, 0)
    assert ChurnEvent.objects.count() == 1


def test_dated_facts_beat_what_a_system_says_of_the_account(tmp_path: Path) -> None:
    _import(tmp_path, "nps", [{"answered_on": _ago(1)}])
    import_accounts(tmp_path, account_row("A1", nps=-50))
    assert _facts("nps") == (100,)


def test_an_invoice_in_a_currency_without_a_rate_is_refused_until_there_is_one(tmp_path: Path) -> None:
    refused = _import(tmp_path, "invoices", [{"currency": "XTS"}, {"number": "I2"}])
    assert [(note["row"], note["column"], note["kept"]) for note in refused.notes] == [("2", "currency", "no")]
    assert "no exchange rate for XTS; add one under Exchange rates in the admin" in refused.notes[0]["reason"]
    ExchangeRate.objects.create(currency="XTS", valid_from=dt.date(2020, 1, 1), per_euro=2)
    assert _import(tmp_path, "invoices", [{"currency": "XTS"}]).error == ""


def test_the_daily_task_lets_dated_facts_age_and_may_run_twice(tmp_path: Path) -> None:
    _import(tmp_path, "invoices", [{"due_on": _ago(20), "paid_on": ""}])
    Invoice.objects.update(due_on=TODAY - dt.timedelta(days=45))
    account_states_record_daily()
    account_states_record_daily()
    assert _facts("overdue_days") == (45,)
    assert [state.overdue_days for state in AccountState.objects.all()] == [20, 45]


BAD = [
    *(("usage", "measured_on", value) for value in ("", "0001-01-01", "9999-12-31", "31/01/2026", _ago(-2))),
    *(("usage", "active_seats", value) for value in ("", "-1", "1.5", "NaN", "1e308", "11", "four", "3000000000")),
    *(("usage", "seats", value) for value in ("-1", "2.5", "Infinity")),
    *(("nps", "score", value) for value in ("", "-1", "11", "9.5", "ten", "NaN", "1e308")),
    *(("nps", "answered_on", value) for value in ("", "0001-01-01", "9999-12-31", "soon", _ago(-2))),
    *(("nps", "answer_id", value) for value in ("", " ", "x" * 201)),
    ("nps", "comment", "x" * 5001),
    *(("invoices", "amount", value) for value in ("", "-0.01", "1e308", "NaN", "ten", "1,50", "1000000000000")),
    *(("invoices", "currency", value) for value in ("XTS", "euro", "€", "E1R")),
    *(("invoices", "due_on", value) for value in ("", "0001-01-01", "9999-12-31", "2026-02-30", "2025-12-31")),
    *(("invoices", "issued_on", value) for value in ("0001-01-01", "yesterday", _ago(-2))),
    *(("invoices", "paid_on", value) for value in ("0001-01-01", "9999-12-31", "paid", _ago(-2))),
    *(("invoices", "number", value) for value in ("", "x" * 101)),
    *(("churn_events", "happened_on", value) for value in ("", "0001-01-01", "9999-12-31", "x", _ago(-2))),
    *(("churn_events", "kind", value) for value in ("lost", "LEFT!")),
    ("churn_events", "reason", "x" * 201),
    *((kind, "account_id", value) for kind in ROWS for value in ("", "x" * 101)),
]


@pytest.mark.parametrize(("kind", "column", "value"), BAD)
def test_a_value_that_cannot_be_is_a_row_error(kind: str, column: str, value: str, tmp_path: Path) -> None:
    goods: dict[str, dict[str, object]] = {
        "usage": {"measured_on": _ago(3)},
        "nps": {"answer_id": "N9"},
        "invoices": {"number": "I9"},
    }
    outcome = _import(tmp_path, kind, [{column: value}, goods.get(kind, {})])
    assert [(note["row"], note["line"], note["column"], note["kept"]) for note in outcome.notes] == [
        ("2", "2", column, "no")
    ]
    assert outcome.notes[0]["reason"]
    assert MODELS[kind]._default_manager.count() == 1


TEXTS = [(kind, column) for kind, row in ROWS.items() for column in row]


@pytest.mark.parametrize(("kind", "column"), TEXTS)
def test_a_null_character_is_a_row_error(kind: str, column: str, tmp_path: Path) -> None:
    head = list(ROWS[kind])
    values = [str({**ROWS[kind], column: "a\x00b"}[each]) for each in head]
    path = tmp_path / "n.csv"
    path.write_bytes(b"\xff\xfe" + f"{','.join(head)}\n{','.join(values)}\n".encode("utf-16-le"))
    outcome = run_import(kind, path)
    assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [("2", column, "no")]
    assert not MODELS[kind]._default_manager.exists()
