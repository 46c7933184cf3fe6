"""`manage.py backtest_churn`: figures for any table, and clear refusals."""

import csv
import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.customers.engine.churn_worlds import subscribers

MEASURES = {"auc", "brier", "log_loss", "calibration_error", "top_decile_lift"}


def _write(path: Path, *, rows: int = 300, seed: int = 1, **replaced: list[Any]) -> Path:
    columns, churned = subscribers(rows, seed=seed)
    table = {
        "customer": [f"C-{n}" for n in range(rows)],
        **columns,
        "Churned": ["Yes" if left else "no" for left in churned],
        **replaced,
    }
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    content = stream.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def _run(path: Path, *extra: str, target: str = "Churned", key: str = "customer") -> str:
    out = StringIO()
    call_command("backtest_churn", "--input", str(path), "--target", target, "--id", key, *extra, stdout=out)
    return out.getvalue()


def test_figures_are_one_json_object_with_the_same_measures_for_every_contestant(tmp_path: Path) -> None:
    figures = json.loads(_run(_write(tmp_path / "book.csv", nps=list(range(-100, 200))), "--json"))
    assert (figures["rows"], figures["folds"]) == (300, 5)
    assert 0 < figures["churned"] < 300
    for contestant in ("model", "logistic_regression", "scorecard"):
        assert set(figures[contestant]) == MEASURES
    assert figures["model"]["auc"] > 0.7
    assert figures["ignored_columns"] == {}


def test_a_table_without_the_fields_of_the_scorecard_has_none(tmp_path: Path) -> None:
    assert "scorecard" not in json.loads(_run(_write(tmp_path / "book.csv"), "--json"))


def test_a_packed_file_gives_the_same_figures_and_so_does_another_run(tmp_path: Path) -> None:
    plain, packed = _write(tmp_path / "book.csv"), _write(tmp_path / "book.csv.gz")
    assert _run(plain, "--json") == _run(packed, "--json") == _run(plain, "--json")


def test_a_person_gets_a_table_with_what_it_means_and_what_was_left_out(tmp_path: Path) -> None:
    text = _run(_write(tmp_path / "book.csv", empty=[""] * 300, note=[f"[n{n}]" for n in range(300)]))
    assert "300 customers" in text
    assert "logistic" in text
    assert "0.5 is a coin" in text
    assert "Left out 'empty': every value is blank." in text
    assert "Left out 'note': no value is shared by 5 accounts, as in an id." in text
    assert "too good to be true" not in text


def test_a_column_that_gives_the_outcome_away_is_pointed_at(tmp_path: Path) -> None:
    _, churned = subscribers(300, seed=1)
    leak = ["moved away" if left else "" for left in churned]
    assert "too good to be true" in _run(_write(tmp_path / "book.csv", reason=leak))


def test_with_a_shuffled_outcome_the_auc_is_that_of_a_coin(tmp_path: Path) -> None:
    path = _write(tmp_path / "book.csv", rows=1000)
    straight = json.loads(_run(path, "--json"))
    shuffled = json.loads(_run(path, "--shuffle-target", "1", "--json"))
    assert shuffled["model"]["auc"] == pytest.approx(0.5, abs=0.03)
    assert (shuffled["rows"], shuffled["churned"]) == (straight["rows"], straight["churned"])
    assert straight["model"]["auc"] > 0.75


def test_a_row_that_cannot_be_split_is_left_out_and_counted(tmp_path: Path) -> None:
    path = _write(tmp_path / "book.csv")
    with path.open("a") as stream:
        stream.write("C-900,too,short\n")
    figures = json.loads(_run(path, "--json"))
    assert (figures["rows"], figures["unreadable_rows"]) == (300, 1)


@pytest.mark.parametrize("churned", [["TRUE", "False"], ["1", "0"], ["Churned", "active"]])
def test_other_words_for_the_outcome_are_understood(tmp_path: Path, churned: list[str]) -> None:
    figures = json.loads(_run(_write(tmp_path / "book.csv", Churned=churned * 150), "--json"))
    assert figures["churned"] == 150


@pytest.mark.parametrize(
    ("replaced", "complaint"),
    [
        ({"Churned": ["yes", "maybe"] * 150}, r"row 3, column 'Churned': 'maybe' is not one of yes/no"),
        ({"Churned": ["yes", ""] * 150}, r"row 3, column 'Churned': '' is not one of"),
        ({"Churned": ["yes"] * 300}, r"300 accounts left and 0 stayed; a backtest needs at least 10"),
        ({"Churned": ["yes"] * 9 + ["no"] * 291}, r"9 accounts left and 291 stayed"),
        ({"customer": ["C-1"] * 300}, r"rows 2 and 3 have the same id 'C-1'"),
        ({"customer": ["", *map(str, range(299))]}, r"row 2 has no id in column 'customer'"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_where_and_why(
    tmp_path: Path, replaced: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(CommandError, match=complaint):
        _run(_write(tmp_path / "book.csv", **replaced))


@pytest.mark.parametrize(
    ("target", "key", "complaint"),
    [
        ("Left", "customer", "there is no column 'Left'. Its columns: customer, tenure"),
        ("Churned", "account", "there is no column 'account'"),
        ("Churned", "Churned", "cannot be both"),
    ],
)
def test_a_missing_column_is_named(tmp_path: Path, target: str, key: str, complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        _run(_write(tmp_path / "book.csv"), target=target, key=key)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("book.csv", b"", "empty"),
        ("book.csv", b"\x00\x01PK", "not a text file"),
        ("book.csv", b"customer,Churned\n", "0 accounts left and 0 stayed"),
        ("book.csv.gz", b"customer,Churned\n", "cannot be unpacked"),
        ("book.csv.gz", gzip.compress(b"customer,Churned\n" * 50)[:-9], "cannot be unpacked"),
    ],
)
def test_an_unreadable_file_is_refused(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=complaint):
        _run(tmp_path / name)


@pytest.mark.parametrize("name", ["none.csv", "none.csv.gz"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match=f"no file .*{name}"):
        _run(tmp_path / name)
