"""CSV files as people really export them: any encoding and delimiter, ragged rows, quotes left open.

A bad row never takes its neighbours along: it is answered as a `BadRow` and reading goes on behind it.
"""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from customers.sources.fields import Row

SAMPLE_BYTES = 1_000_000
FIELD_CHARACTERS = 2_000_000
SURE = 0.3
OTHER_SCRIPTS = ("cp1251", "cp1253", "cp1255", "cp1256", "cp932", "cp949", "koi8", "shift_jis", "euc", "gb", "big5")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class TableError(ValueError):
    """A file that cannot be read as a table at all. The text says what to do."""


@dataclass(frozen=True)
class GoodRow:
    """A row with a value for every column of the header. Rows count from 1, the header; lines likewise."""

    number: int
    line: int
    row: Row


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be split into columns."""

    number: int
    line: int
    reason: str


@dataclass(frozen=True)
class Table:
    """An opened CSV file: its encoding, delimiter, columns by the names that we use, and number of lines."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    lines: int

    def rows(self) -> Iterator[GoodRow | BadRow]:
        """Every row below the header, streamed."""
        with self.path.open(encoding=self.encoding, newline="") as stream:
            yield from _rows(_Lines(stream), self.delimiter, self.columns)


def open_table(path: Path, *, known: tuple[str, ...], required: tuple[str, ...], renamed: Mapping[str, str]) -> Table:
    """Find out how a file is written and check its header.

    `renamed` maps a head of the file to the column that we know it by.

    Raises:
        TableError: no such file, empty, not text, or a header with a missing or double column.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        first = stream.readline()
        lines = 1 + sum(1 for _ in stream)
    if not first.strip():
        raise TableError(f"{path.name} has no header: the first line must name the columns.")
    delimiter = max(",;\t|", key=first.count)
    try:
        heads = next(csv.reader([first], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise TableError(f"{path.name}: the header cannot be read ({error}).") from None
    columns = _columns(path, [head.strip() for head in heads], known, required, renamed)
    return Table(path=path, encoding=encoding, delimiter=delimiter, columns=columns, lines=lines)


def _columns(
    path: Path,
    heads: list[str],
    known: tuple[str, ...],
    required: tuple[str, ...],
    renamed: Mapping[str, str],
) -> tuple[str, ...]:
    unheard = [theirs for theirs in renamed if theirs not in heads]
    if unheard:
        raise TableError(f"{path.name} has no column {unheard[0]!r} to map. Its columns: {', '.join(heads)}.")
    unknown = [ours for ours in renamed.values() if ours not in known]
    if unknown:
        raise TableError(f"{unknown[0]!r} is not a column of this import. Known: {', '.join(known)}.")
    columns = tuple(renamed.get(head, head) for head in heads)
    doubled = sorted({column for column in columns if columns.count(column) > 1})
    if doubled:
        raise TableError(f"{path.name} names the column {doubled[0]!r} twice. Rename or remove one of them.")
    missing = [column for column in required if column not in columns]
    if missing:
        raise TableError(
            f"{path.name} lacks the column {missing[0]!r}. Its columns: {', '.join(heads)}. "
            f"If it goes by another name, add --map THEIRS={missing[0]}."
        )
    return columns


def _encoding(path: Path) -> str:
    """A byte-order mark, else UTF-8 where it fits, else another script that the first megabyte is plainly in, else
    CP1252: it is what office programs write, and a guess over a few short rows is worth nothing."""
    if not path.is_file():
        raise TableError(f"There is no file {path}.")
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
    if not sample.strip():
        raise TableError(f"{path.name} is empty.")
    for bom, name in BOMS:
        if sample.startswith(bom):
            _decode_all(path, name)
            return name
    if b"\x00" in sample:
        raise TableError(f"{path.name} is not a text file. Export it as CSV in UTF-8.")
    try:
        _decode_all(path, "utf-8")
    except TableError:
        guess = from_bytes(sample).best()
        sure = guess is not None and guess.coherence >= SURE and guess.encoding.startswith(OTHER_SCRIPTS)
        name = guess.encoding if guess and sure else "cp1252"
        _decode_all(path, name)
        return name
    return "utf-8"


def _decode_all(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(SAMPLE_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise TableError(f"{path.name} cannot be read as {encoding} ({error}). Save it as UTF-8.") from None


class _Lines:
    """The lines of a stream with a place to step back to, so that a broken record can be left behind."""

    def __init__(self, stream: io.TextIOBase | io.TextIOWrapper) -> None:
        self._stream = stream
        self._pending: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._pending.popleft() if self._pending else self._stream.readline()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        return line

    def start_record(self) -> None:
        self.taken = []

    def back_to_second_line(self) -> None:
        again = self.taken[1:]
        self._pending.extendleft(reversed(again))
        self.number -= len(again)
        self.taken = self.taken[:1]


def _rows(lines: _Lines, delimiter: str, columns: tuple[str, ...]) -> Iterator[GoodRow | BadRow]:
    csv.field_size_limit(FIELD_CHARACTERS)
    next(lines)
    number = 1
    while True:
        lines.start_record()
        first_line = lines.number + 1
        reason = ""
        cells: list[str] = []
        try:
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"the row cannot be split into columns ({error}); look for a quote that is not closed"
        number += 1
        if not reason and not any(cell.strip() for cell in cells):
            continue
        if not reason and len(cells) != len(columns):
            reason = f"{len(cells)} values under {len(columns)} columns; quote values that hold a {delimiter!r}"
        if reason:
            lines.back_to_second_line()
            yield BadRow(number=number, line=first_line, reason=reason)
        else:
            yield GoodRow(number=number, line=first_line, row=Row(dict(zip(columns, cells, strict=True))))
