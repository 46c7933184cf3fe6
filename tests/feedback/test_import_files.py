"""Files as people really export them: encodings, delimiters, broken rows, things that are no table."""

import csv
from pathlib import Path

import pytest

from feedback.models import FeedbackItem, FeedbackOriginal
from tests.feedback.tables import FEEDBACK_HEAD, feedback_row, import_feedback, run_import, write_table

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
HEAD = "external_id,body\n"


def _import_bytes(folder: Path, data: bytes) -> tuple[str, list[int], dict[str, str]]:
    """The error, the refused rows and the stored bodies after importing these bytes."""
    path = folder / "feedback.csv"
    path.write_bytes(data)
    outcome = run_import("feedback", path)
    return outcome.error, outcome.refused_rows(), _bodies()


def _bodies() -> dict[str, str]:
    return dict(FeedbackOriginal.objects.values_list("item__external_id", "body"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom", "cp1252"])
@pytest.mark.parametrize(
    "body",
    [
        "Le café coûte 10 € — c’est “trop” cher",
        "é€",
        "Die Übersicht lädt nicht, wir zahlen 99 €",
        "Señal débil",
    ],
)
def test_an_encoding_is_told_from_the_bytes(encoding: str, body: str, tmp_path: Path) -> None:
    text = f'{HEAD}F1,"{body}"\r\nF2,plain words\r\n'
    marks = {"utf-16-le-bom": b"\xff\xfe", "utf-16-be-bom": b"\xfe\xff"}
    data = marks.get(encoding, b"") + text.encode(encoding.removesuffix("-bom"))
    assert _import_bytes(tmp_path, data) == ("", [], {"F1": body, "F2": "plain words"})


def test_another_script_is_read_when_the_text_leaves_no_doubt(tmp_path: Path) -> None:
    body = "Не работает экспорт отчётов, помогите пожалуйста, мы ждём уже вторую неделю и платим за это"
    assert _import_bytes(tmp_path, f'{HEAD}F1,"{body}"\n'.encode("cp1251")) == ("", [], {"F1": body})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_is_told_from_the_header(delimiter: str, tmp_path: Path) -> None:
    body = "one, two; three | four\tfive"
    path = write_table(tmp_path / "f.csv", FEEDBACK_HEAD, feedback_row(body=body), delimiter=delimiter)
    assert run_import("feedback", path).error == ""
    assert _bodies() == {"F1": body}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(newline: str, tmp_path: Path) -> None:
    data = f'external_id,body{newline}F1,one{newline}F2,"two{newline}lines"{newline}'.encode()
    assert _import_bytes(tmp_path, data) == ("", [], {"F1": "one", "F2": f"two{newline}lines"})


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (b"\xef\xbb\xbf", "has no header"),
        (b"\n\nexternal_id,body\nF1,one\n", "has no header"),
        (PNG, "is not a text file"),
        ("external_id,body\nF1,one\n".encode("utf-16-le"), "is not a text file"),
        (b"\xff\xfee\x00x\x00t", "cannot be read as utf-16"),
        (b"external_id,body\nF1,one \x81\xe9\n", "Save it as UTF-8"),
        (b"external_id,body,body\nF1,one,two\n", "names the column 'body' twice"),
        (b"external_id,text\nF1,one\n", "lacks the column 'body'"),
        (b'external_id,"body\nF1,one\n', "the header cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_whole_with_its_reason(data: bytes, complaint: str, tmp_path: Path) -> None:
    error, refused, stored = _import_bytes(tmp_path, data)
    assert complaint in error
    assert "feedback.csv" in error
    assert (refused, stored) == ([], {})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "gone.csv") in run_import("feedback", tmp_path / "gone.csv").error


def test_a_missing_column_is_named_with_the_way_out(tmp_path: Path) -> None:
    error, _, _ = _import_bytes(tmp_path, b"external_id,text\nF1,one\n")
    assert "Its columns: external_id, text." in error
    assert "--map THEIRS=body" in error


def test_a_header_without_rows_is_no_error(tmp_path: Path) -> None:
    outcome = import_feedback(tmp_path)
    assert (outcome.error, outcome.counts(), outcome.notes) == ("", (0, 0, 0, 0), [])


def test_a_column_that_nobody_knows_is_left_aside(tmp_path: Path) -> None:
    assert _import_bytes(tmp_path, b"external_id,mood,body\nF1,sunny,one\n") == ("", [], {"F1": "one"})


def test_a_ragged_row_is_refused_and_its_neighbours_are_kept(tmp_path: Path) -> None:
    error, refused, stored = _import_bytes(tmp_path, (HEAD + "F1,one\nF2,a,b\nF3\nF4,four\n").encode())
    assert "2 of 4 rows" in error
    assert refused == [3, 4]
    assert stored == {"F1": "one", "F4": "four"}


@pytest.mark.parametrize(
    "broken",
    ['"never closed', 'a "quote, opened', '"closed" and more', '"closed",later"', '"'],
)
def test_a_quote_left_open_takes_no_other_row_along(broken: str, tmp_path: Path) -> None:
    rows = [f'F{n},"body, of {n}"' if n % 2 else f"F{n},body of {n}" for n in range(1000)]
    rows[500] = f"F500,{broken}"
    _, refused, stored = _import_bytes(tmp_path, (HEAD + "\n".join(rows) + "\n").encode())

    assert set(refused) <= {502}
    assert {f"F{n}" for n in range(1000)} - set(stored) <= {"F500"}
    assert all(stored[f"F{n}"].endswith(f"of {n}") for n in range(1000) if n != 500)


def test_two_quotes_left_open_are_two_bad_rows(tmp_path: Path) -> None:
    rows = [f'F{n},"body of {n}"' for n in range(60)]
    rows[20] = 'F20,"open'
    rows[40] = 'F40,"open too'
    _, refused, stored = _import_bytes(tmp_path, (HEAD + "\n".join(rows) + "\n").encode())
    assert refused == [22, 42]
    assert len(stored) == 58


def test_row_numbers_count_records_and_line_numbers_count_lines(tmp_path: Path) -> None:
    text = f'{HEAD}F1,"three\nlong\nlines"\nF2,two\n\nF3,"a\nb"\nF4,\nF5,five,5\nF6,"x\ny"\nF7," "\n'
    path = tmp_path / "f.csv"
    path.write_text(text, encoding="utf-8")

    outcome = run_import("feedback", path)

    # The header is row 1, the blank line is row 4: as a spreadsheet shows them.
    assert [(note["row"], note["line"], note["column"]) for note in outcome.notes] == [
        ("6", "9", "body"),
        ("7", "10", ""),
        ("9", "13", "body"),
    ]
    assert _bodies() == {"F1": "three\nlong\nlines", "F2": "two", "F3": "a\nb", "F6": "x\ny"}


def test_the_report_lists_every_bad_row_even_beyond_what_the_screen_shows(tmp_path: Path) -> None:
    path = write_table(tmp_path / "f.csv", FEEDBACK_HEAD, *(feedback_row(f"F{n}", kind="rant") for n in range(50)))
    report = tmp_path / "new folder" / "report.csv"

    outcome = run_import("feedback", path, "--report", str(report))

    assert "50 of 50 rows" in outcome.error
    assert "and 30 more" in outcome.said
    with report.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["row", "line", "column", "reason", "kept"]
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(2, 52)]


@pytest.mark.parametrize(
    "body",
    [
        'It says "no",\nthen\r\nnothing',
        '=HYPERLINK("https://evil.example","click")',
        "+1-cmd|' /C calc'!A0",
        "@SUM(1+1)*cmd",
        "Works great 🎉👩‍👩‍👧 thanks",
        "👍",
        "التصدير إلى ملف لا يعمل",
        "\u202eright to left override\u202c stays",
        "zero\u200bwidth\u200djoiner\ufeff inside",
        "e\u0301 decomposed and \u00e9 composed",
        "<script>alert(1)</script>",
        "ends with a backslash \\",
    ],
)
def test_a_body_is_kept_byte_for_byte(body: str, tmp_path: Path) -> None:
    outcome = import_feedback(tmp_path, feedback_row(body=body))
    assert outcome.error == ""
    assert FeedbackOriginal.objects.get().body.encode() == body.encode()
    assert FeedbackItem.objects.get().text == body


@pytest.mark.parametrize("body", ["", "   ", "\t \n \r\n", "\u00a0\u3000", "\u200b\u200d", "...", "--"])
def test_a_body_that_says_nothing_is_a_row_error(body: str, tmp_path: Path) -> None:
    outcome = import_feedback(tmp_path, feedback_row("F1", body=body), feedback_row("F2"))
    assert [(note["row"], note["column"], note["kept"]) for note in outcome.notes] == [("2", "body", "no")]
    assert list(_bodies()) == ["F2"]


def test_a_null_character_is_a_row_error(tmp_path: Path) -> None:
    mark = b"\xff\xfe"
    data = mark + f"{HEAD}F1,a\x00b\nF2,two\n".encode("utf-16-le")
    error, refused, stored = _import_bytes(tmp_path, data)
    assert "1 of 2 rows" in error
    assert (refused, stored) == ([2], {"F2": "two"})
