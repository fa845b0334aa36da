"""CSV, TSV and JSON Lines, checked against Python's own readers of them."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FileDamaged, FileRefused, LimitExceeded
from index.readers import jsonlines, rows
from index.types import Metadata, SourceText

CELLS = st.text(st.sampled_from('ab é",;|\t\r\n'), max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8)


def read_rows(text: str) -> SourceText:
    return rows.read(Path("any.csv"), text.encode())


def read_records(text: str) -> SourceText:
    return jsonlines.read(Path("any.jsonl"), text.encode())


def numbered(found: SourceText) -> list[tuple[int, str]]:
    """Each row's number and its first characters."""
    return [(mark.number, found.text[mark.start :][:3]) for mark in found.marks]


@given(TABLES, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_rows_are_those_of_the_csv_module(
    table: list[list[str]], delimiter: str, line_end: str, quoted: bool
) -> None:
    file = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(table)
    text = file.getvalue()
    starts = [*rows.row_starts(text, delimiter), len(text)]
    slices = [io.StringIO(text[start:end], newline="") for start, end in pairwise(starts)]
    expected = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found = [list(csv.reader(row, delimiter=delimiter)) for row in slices]
    assert found == [[row] for row in expected]


@given(st.text(st.sampled_from('ab",\r\n'), max_size=40))
def test_whatever_the_quotes_rows_begin_at_the_starts_of_lines(text: str) -> None:
    starts = list(rows.row_starts(text, ","))
    assert starts == sorted(set(starts))
    assert all(start == 0 or text[start - 1] in "\r\n" for start in starts)
    assert bool(starts) == bool(text)


def test_a_table_is_the_file_and_rows_count_as_spreadsheets_do() -> None:
    text = 'name,note\r\nAna,"two\r\nlines, ""both"""\r\n\r\nBen,5" nails\r\n'
    found = read_rows(text)
    assert (found.text, found.is_the_file, found.metadata) == (text, True, Metadata())
    assert numbered(found) == [(1, "nam"), (2, "Ana"), (4, "Ben")]


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"open,1\nc,2\nd,3\n',
        'a,b\n"open,1\nc,"2"\nd,3\n',
        'a,b\nc,"' + "x" * 70_000 + "\n" + "y" * 70_000 + '"\nd,3\n',
    ],
)
def test_a_quote_left_open_swallows_no_rows(text: str) -> None:
    assert [number for number, _ in numbered(read_rows(text))] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3;4\n", ";"),
        ("a,b\n1;2,3\n4,5\n", ","),
        ("a\tb, c\nd\te\n", "\t"),
        ("a|b|c\nd, e|f|g\n", "|"),
        ('"x;y;z",b\n"p;q",d\n', ","),
        ("sep=;\na,b,c;d\n", ";"),
        ("words\n", ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_what_most_lines_agree_on(text: str, delimiter: str) -> None:
    assert rows.find_delimiter(text) == delimiter


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_tables_come_in_many_encodings(encoding: str) -> None:
    text = "nom;note\r\nÉmile;un café très noir à Orléans\r\n"
    found = rows.read(Path("any.csv"), text.encode(encoding))
    assert (found.text, len(found.marks)) == (text, 2)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_ROWS", 100)
    assert len(read_rows("a\n" * 100).marks) == 100
    with pytest.raises(LimitExceeded, match="rows"):
        read_rows("a\n" * 101)


def test_a_record_is_short_values_by_key_and_long_ones_as_paragraphs() -> None:
    record = {
        "id": 12,
        "title": "On Rice",
        "tags": ["wet", None, "dry", 1.5],
        "by": {"name": "Ana", "age": None, "posts": [{"n": 1}, {"n": 2}]},
        "text": "Rice grows.\r\n\r\nIt grows well.",
        "none": "",
        "ok": False,
    }
    found = read_records(json.dumps(record))
    assert found.text == (
        "id: 12\ntitle: On Rice\ntags: wet, dry, 1.5\nby.name: Ana\nby.posts.n: 1\nby.posts.n: 2"
        "\n\nRice grows.\n\nIt grows well.\n\nok: false"
    )
    assert not found.is_the_file
    assert found.metadata == Metadata("On Rice", "Ana")


def test_records_are_rows_by_line_of_the_file_that_no_passage_crosses() -> None:
    found = read_records(
        '\ufeff{"a": 1}\r\n\r\n"Only words."\nnull\n[1, 2]\n\u2028'.rstrip("\u2028")
    )
    assert found.text == "a: 1\n\nOnly words.\n\n1, 2"
    assert numbered(found) == [(1, "a: "), (3, "Onl"), (5, "1, ")]
    assert found.breaks == tuple(mark.start for mark in found.marks[1:])
    assert found.metadata == Metadata()


def test_numbers_keys_and_line_separators_stay_as_written() -> None:
    big = "9" * 5000
    found = read_records(f'{{"a": 1.10, "a": 1e999, "big": {big}, "nan": NaN, "t": "x\u2028y"}}')
    assert found.text == f"a: 1.10\na: 1e999\n\n{big}\n\nt: x\u2028y"


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=100)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("kq.", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def leaves(value: object) -> list[str]:
    """The words of each scalar, as the json module has them."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [words for each in inner for words in leaves(each)]
    written = value if isinstance(value, str) else json.dumps(value) if value is not None else ""
    return written.split()


@given(st.lists(VALUES, max_size=4), st.booleans())
def test_every_value_stands_in_the_text_of_its_record(values: list[object], escaped: bool) -> None:
    lines = [json.dumps(value, ensure_ascii=escaped) for value in values]
    found = read_records("\n".join(lines))
    ends = [*(mark.start for mark in found.marks), len(found.text)]
    records = {
        mark.number: found.text[start:end]
        for mark, (start, end) in zip(found.marks, pairwise(ends), strict=True)
    }
    for number, value in enumerate(values, 1):
        record = records.get(number, "").replace(",", " ")
        position = 0
        for word in leaves(value):
            for part in word.translate({0xAD: None, 0xFEFF: None, ord(","): " "}).split():
                position = record.index(part, position) + len(part)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1}\n{"a":}\n', "line 2"),
        ('{"a": 1', "line 1"),
        ("words", "line 1"),
        ("[" * 100_000, "line 1"),
        ('{"a":' * 900 + "1" + "}" * 900, "nests too deep"),
        ('{"' + "k" * 2000 + '": 1}', "nests too deep"),
    ],
)
def test_broken_and_deep_lines_are_refused_by_number(text: str, says: str) -> None:
    with pytest.raises((FileDamaged, LimitExceeded), match=says):
        read_records(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for reader in (rows.read, jsonlines.read):
        try:
            found = reader(Path("any"), data)
        except FileRefused:
            continue
        assert [mark.start for mark in found.marks] == sorted({mark.start for mark in found.marks})
