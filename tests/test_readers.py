from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index import readers
from index.readers.text import find_date, find_title
from index.types import SourceFile, SourceText


def read(path: Path) -> SourceText:
    return readers.read(SourceFile(path, hashlib.sha256(path.read_bytes()).hexdigest()))


def read_bytes(folder: Path, data: bytes, name: str = "file.txt") -> SourceText:
    path = folder / name
    path.write_bytes(data)
    return read(path)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_are_kept_as_they_are(tmp_path: Path, newline: str) -> None:
    text = newline.join(["One.", "", "Two.", ""])
    assert read_bytes(tmp_path, text.encode()).text == text


@given(st.text(min_size=1, max_size=200).filter(lambda text: text.strip()))
def test_utf8_text_comes_back_as_written(text: str) -> None:
    from index.readers.text import decode

    printable = "".join(c for c in text if c.isprintable() or c in "\n\r\t")
    without_mark = printable.removeprefix("\N{BOM}")
    assert decode(Path("any.txt"), without_mark.encode()) == without_mark


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_no_text(tmp_path: Path, encoding: str) -> None:
    text = "Việt Nam – “quoted”\r\n"
    assert read_bytes(tmp_path, text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "The café’s owner said “no” – twice, and then a third time to the crowd."),
        (
            "shift_jis",
            "今日は雨が降っています。明日は晴れるでしょう。東京の天気は変わりやすい。" * 3,
        ),
    ],
)
def test_older_encodings_are_recognised(tmp_path: Path, encoding: str, text: str) -> None:
    assert read_bytes(tmp_path, text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("On Friendship\n\nIt was so.", "On Friendship"),
        ("\n\n  On Friendship \r\n\r\nIt was so.", "On Friendship"),
        ("It was a sentence.\n\nAnd so on.", None),
        ("First line\nsecond line\n\nThird.", None),
        ("date 2025-10-08\n\nText.", None),
        ("1234\n\nText.", None),
        ("x" * 151 + "\n\nText.", None),
    ],
)
def test_a_headline_is_the_title(text: str, title: str | None) -> None:
    assert find_title(text) == title


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (" date 2025-10-08 The upcoming visit", "2025-10-08"),
        ("Title\n\nPublished: 2024-02-29\n\nText", "2024-02-29"),
        ("Title\n\n8 October 2025\n\nText", "2025-10-08"),
        ("Title\n\nOctober 8, 2025\n\nText", "2025-10-08"),
        ("date 2025-02-31 is no day", None),
        ("They met on 2025-10-08 in Hanoi.", None),
        ("x" * 1200 + "\ndate 2025-10-08", None),
    ],
)
def test_a_dateline_is_the_date(text: str, date: str | None) -> None:
    assert find_date(text) == date


def test_the_seeds_state_two_titles_and_two_dates() -> None:
    found = [read(path) for path in sorted(SEEDS.glob("*.txt"))]
    assert [content.title for content in found] == [
        "History of Friendship Cemented in Common Struggle for Socialism",
        "For Achieving Unity between Socialist Countries",
        None,
        None,
        None,
    ]
    assert [content.date for content in found] == [None, None, "2025-10-08", None, "2025-10-09"]


def test_markdown_states_title_and_date_in_front_matter(tmp_path: Path) -> None:
    text = '---\ntitle: "On Rice"\ndate: 2024-05-06T10:00\n---\n# Other\n\nText.\n'
    found = read_bytes(tmp_path, text.encode(), "rice.md")
    assert (found.title, found.date, found.text) == ("On Rice", "2024-05-06", text)


@pytest.mark.parametrize("text", ["Intro\n\n# On Rice #\n\nText", "On Rice\n=======\n\nText"])
def test_markdown_takes_its_first_heading_as_title(tmp_path: Path, text: str) -> None:
    assert read_bytes(tmp_path, text.encode(), "rice.md").title == "On Rice"
