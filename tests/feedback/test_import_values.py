"""Single values of an import: each is read, or refused with its row and column while the rest is stored."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from customers.models import Account, ExchangeRate
from feedback.models import FeedbackItem
from tests.factories import make_account
from tests.feedback.tables import account_row, feedback_row, import_accounts, import_feedback

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("arr", "abc"),
        ("arr", "-1"),
        ("arr", "1e308"),
        ("arr", "1e99999999999999999999"),
        ("arr", "NaN"),
        ("arr", "sNaN"),
        ("arr", "Infinity"),
        ("arr", "1,234.50"),
        ("arr", "1000000000000"),
        ("arr", "999999999999.999"),
        ("currency", "XTS"),
        ("currency", "dollars"),
        ("renewal_date", "31/12/2026"),
        ("renewal_date", "2026-02-30"),
        ("renewal_date", "0001-01-01"),
        ("renewal_date", "9999-12-31"),
        ("renewal_date", "2026-03-31 or so"),
        ("renewal_date", "2026-03-310"),
        ("health_score", "101"),
        ("health_score", "55.5"),
        ("nps", "-101"),
        ("seats", "3000000000"),
        ("account_id", ""),
        ("account_id", "x" * 101),
        ("name", " "),
        ("name", "x" * 201),
        ("plan", "x" * 81),
    ],
)
def test_an_account_value_that_cannot_be_is_a_row_error(column: str, value: str, tmp_path: Path) -> None:
    outcome = import_accounts(tmp_path, account_row("A1", **{column: value}), account_row("A2"))

    assert "1 of 2 rows" in outcome.error
    assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [("2", column, "no")]
    assert [account.external_id for account in Account.objects.all()] == ["A2"]


@pytest.mark.parametrize(
    ("column", "value", "stored"),
    [
        ("arr", "", None),
        ("arr", "0", Decimal(0)),
        ("arr", "999999999999.99", Decimal("999999999999.99")),
        ("arr", " 12.345 ", Decimal("12.34")),
        ("currency", "", "USD"),
        ("currency", "eur", "EUR"),
        ("renewal_date", "2026-03-31T23:00:00Z", dt.date(2026, 3, 31)),
        ("renewal_date", "2026-03-31 23:00", dt.date(2026, 3, 31)),
        ("nps", "-100", -100),
        ("health_score", "70.0", 70),
        ("segment", "SMB", "smb"),
        ("name", "Łódź 🏭 \u202ec", "Łódź 🏭 \u202ec"),
    ],
)
def test_an_account_value_is_read(column: str, value: str, stored: object, tmp_path: Path) -> None:
    outcome = import_accounts(tmp_path, account_row("A1", **{column: value}))
    assert outcome.error == ""
    assert getattr(Account.objects.get(), column) == stored


def test_a_currency_counts_once_its_rate_is_known(tmp_path: Path) -> None:
    assert "no exchange rate for XTS" in import_accounts(tmp_path, account_row(currency="XTS")).notes[0]["reason"]
    ExchangeRate.objects.create(currency="XTS", valid_from=dt.date(2020, 1, 1), per_euro=Decimal(2))
    assert import_accounts(tmp_path, account_row(currency="XTS")).error == ""


def test_facts_that_contradict_each_other_are_row_errors(tmp_path: Path) -> None:
    outcome = import_accounts(tmp_path, account_row("A1", seats=5, active_seats=6), account_row("A2"))
    assert [(note["row"], note["column"]) for note in outcome.notes] == [("2", "active_seats")]
    assert Account.objects.get().external_id == "A2"


@pytest.mark.parametrize(
    "value",
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1989-12-31", "soon", "12:30"],
)
def test_a_time_that_cannot_be_is_a_row_error(value: str, tmp_path: Path) -> None:
    outcome = import_feedback(tmp_path, feedback_row("F1", created_at=value), feedback_row("F2"))
    assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [("2", "created_at", "no")]
    assert FeedbackItem.objects.get().external_id == "F2"


def test_a_time_in_the_future_is_a_row_error(tmp_path: Path) -> None:
    outcome = import_feedback(tmp_path, feedback_row(created_at=(timezone.now() + dt.timedelta(days=3)).isoformat()))
    assert "is in the future" in outcome.notes[0]["reason"]
    assert not FeedbackItem.objects.exists()


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-03-31", dt.datetime(2026, 3, 31, tzinfo=dt.UTC)),
        ("2026-03-31T14:05:00", dt.datetime(2026, 3, 31, 14, 5, tzinfo=dt.UTC)),
        ("2026-03-31T14:05:00+02:00", dt.datetime(2026, 3, 31, 12, 5, tzinfo=dt.UTC)),
        ("2026-03-31 14:05:00Z", dt.datetime(2026, 3, 31, 14, 5, tzinfo=dt.UTC)),
    ],
)
def test_a_time_is_stored_in_utc(value: str, moment: dt.datetime, tmp_path: Path) -> None:
    import_feedback(tmp_path, feedback_row(created_at=value))
    assert FeedbackItem.objects.get().said_at == moment


def test_a_time_that_is_left_out_is_now_and_stays_so(tmp_path: Path) -> None:
    before = timezone.now()
    import_feedback(tmp_path, feedback_row(created_at=""))
    first = FeedbackItem.objects.get().said_at
    assert import_feedback(tmp_path, feedback_row(created_at="")).counts() == (0, 0, 1, 0)
    assert before <= first == FeedbackItem.objects.get().said_at


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("external_id", " "),
        ("external_id", "x" * 201),
        ("source", "two words"),
        ("source", "../../x"),
        ("severity", "dire"),
        ("account_id", "x" * 101),
        ("subject", "x" * 1001),
        ("body", "x" * 1_000_001),
    ],
)
def test_a_feedback_value_that_cannot_be_is_a_row_error(column: str, value: str, tmp_path: Path) -> None:
    outcome = import_feedback(tmp_path, feedback_row("F1", **{column: value}), feedback_row("F2"))
    assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [("2", column, "no")]
    assert FeedbackItem.objects.get().external_id == "F2"


def test_the_longest_body_is_stored_whole(tmp_path: Path) -> None:
    body = ("a" * 99 + " ") * 9_999 + "a" * 100
    assert import_feedback(tmp_path, feedback_row(body=body)).error == ""
    assert FeedbackItem.objects.get().original.body == body


def test_a_parent_may_come_later_in_the_file(tmp_path: Path) -> None:
    outcome = import_accounts(
        tmp_path, account_row("A1", parent_id="A2"), account_row("A2", parent_id="A3"), account_row("A3")
    )
    assert (outcome.error, outcome.notes) == ("", [])
    assert _parents() == {"A1": "A2", "A2": "A3", "A3": None}


def test_a_parent_that_nobody_knows_is_reported_with_its_row_and_the_account_is_kept(tmp_path: Path) -> None:
    outcome = import_accounts(tmp_path, account_row("A1"), account_row("A2", parent_id="A404"))
    assert outcome.error == ""
    assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [("3", "parent_id", "yes")]
    assert "no account 'A404'" in outcome.notes[0]["reason"]
    assert _parents() == {"A1": None, "A2": None}


@pytest.mark.parametrize("circle", [["A1"], ["A1", "A2"], ["A1", "A2", "A3", "A4"]])
def test_a_circle_of_parents_is_refused_and_every_row_is_kept(circle: list[str], tmp_path: Path) -> None:
    following = [*circle[1:], circle[0]]
    rows = [account_row(child, parent_id=parent) for child, parent in zip(circle, following, strict=True)]

    outcomes = [import_accounts(tmp_path, *rows) for _ in range(2)]

    for outcome in outcomes:
        assert outcome.error == ""
        assert [(note["row"], note["kept"]) for note in outcome.notes] == [(str(len(circle) + 1), "yes")]
        assert "belongs to this account's own family" in outcome.notes[0]["reason"]
    assert _parents() == dict(zip(circle, [*following[:-1], None], strict=True))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_family_can_be_turned_round_in_one_import(order: tuple[int, ...], tmp_path: Path) -> None:
    top = make_account("A1")
    middle = make_account("A2", parent=top)
    make_account("A3", parent=middle)
    rows = [account_row("A3"), account_row("A2", parent_id="A3"), account_row("A1", parent_id="A2")]

    outcome = import_accounts(tmp_path, *(rows[at] for at in order))

    assert outcome.notes == []
    assert _parents() == {"A1": "A2", "A2": "A3", "A3": None}


def test_a_blank_parent_leaves_the_family(tmp_path: Path) -> None:
    make_account("A1", parent=make_account("A2"))
    import_accounts(tmp_path, account_row("A1"))
    assert _parents() == {"A1": None, "A2": None}


def _parents() -> dict[str, str | None]:
    return dict(Account.objects.values_list("external_id", "parent__external_id"))


def test_a_table_with_few_columns_leaves_the_other_facts_alone(db: None, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("account_id,name,arr,health_score\nA1,One,5000.00,70\n", encoding="utf-8")
    call_command("import_accounts", str(path))
    path.write_text("account_id,name,health_score\nA1,One and Only,\n", encoding="utf-8")
    call_command("import_accounts", str(path))
    account = Account.objects.get()
    assert (account.name, account.arr, account.health_score) == ("One and Only", Decimal("5000.00"), None)
