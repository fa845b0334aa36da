from __future__ import annotations

import gzip
import hashlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index import readers
from index.errors import FileBinary
from index.readers import markdown, restructured
from index.readers.labelled import find_date, find_title
from index.readers.text import decode
from index.readers.text import read as read_text
from index.types import Failure, Metadata, SourceFile, SourceText


def outcome(path: Path) -> SourceText | Failure:
    """What becomes of the file itself, whatever is attached to it."""
    return readers.read(SourceFile(path, hashlib.sha256(path.read_bytes()).hexdigest()))[0].content


def read(path: Path) -> SourceText:
    found = outcome(path)
    assert isinstance(found, SourceText), found
    return found


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
        ("cp1252", "A situação não é fácil; as nações têm questões difíceis. Ele não está lá."),
        ("cp1252", "Året efter på øen så man både en ål og en ræv. Æblet lå på gården."),
        ("cp1250", "Zażółć gęślą jaźń. Właśnie dlatego każdy mężczyzna powinien się zastanowić."),
        ("iso2022_jp", "今日は雨が降っています。"),
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
    assert [content.metadata.title for content in found] == [
        "History of Friendship Cemented in Common Struggle for Socialism",
        "For Achieving Unity between Socialist Countries",
        None,
        None,
        None,
    ]
    assert [content.metadata.date for content in found] == [
        None,
        None,
        "2025-10-08",
        None,
        "2025-10-09",
    ]
    assert all((content.metadata.author, content.metadata.url) == (None, None) for content in found)
    assert all(content.metadata.publication is None for content in found)


def test_markdown_states_title_and_date_in_front_matter(tmp_path: Path) -> None:
    text = '---\ntitle: "On Rice"\ndate: 2024-05-06T10:00\n---\n# Other\n\nText.\n'
    found = read_bytes(tmp_path, text.encode(), "rice.md")
    assert (found.metadata.title, found.metadata.date) == ("On Rice", "2024-05-06")
    assert (found.text, found.is_the_file) == (text, True)


@pytest.mark.parametrize("text", ["Intro\n\n# On Rice #\n\nText", "On Rice\n=======\n\nText"])
def test_markdown_takes_its_first_heading_as_title(tmp_path: Path, text: str) -> None:
    assert read_bytes(tmp_path, text.encode(), "rice.md").metadata.title == "On Rice"


def test_accents_written_apart_stay_apart(tmp_path: Path) -> None:
    text = "Cafe\N{COMBINING ACUTE ACCENT} and café\n"
    assert read_bytes(tmp_path, text.encode()).text == text


def test_nul_becomes_a_replacement_character_of_the_same_length(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, "a\0b".encode("utf-16")).text == "a\N{REPLACEMENT CHARACTER}b"
    with pytest.raises(FileBinary):  # without a byte order mark it is no text
        read_text(Path("any.txt"), b"a\0b")


@pytest.mark.parametrize("name", ["any.txt", "any.md", "any.html"])
@pytest.mark.parametrize(
    ("opening", "kind"), [("%PDF-1.4\n1 0 obj\n", "a PDF"), ("{\\rtf1\\ansi ", "RTF")]
)
def test_another_format_in_plain_characters_is_no_text(
    name: str, opening: str, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(f"{opening}Rice was sent to the islands.")
    failure = outcome(path)
    assert isinstance(failure, Failure)
    assert failure.code == "file-binary"
    assert failure.message.endswith(f"the content is {kind}.")


def test_halves_of_characters_never_leave_a_reader(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, b'{"title": "x\\ud800y", "\\udfff": 1}', "odd.jsonl")
    assert found.text == "title: x�y\n�: 1"
    assert found.metadata.title == "x�y"


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        (
            "Title: On Rice\nAuthor: Ana Roe\nSource: The Daily Grain\nDate: 8 October 2025\n"
            "URL: https://grain.org/rice\nLanguage: English\n\nRice grows.",
            Metadata(
                "On Rice",
                "Ana Roe",
                "The Daily Grain",
                "2025-10-08",
                "en",
                "https://grain.org/rice",
            ),
        ),
        (
            "On Rice\r\n\r\nBy Ana Roe and Ben van der Poe\r\n\r\nOctober 8, 2025\r\n\r\nRice.",
            Metadata("On Rice", "Ana Roe; Ben van der Poe", date="2025-10-08"),
        ),
        (
            "On Rice\nLink: https://grain.org/rice\nDate: Wed, 08 Oct 2025 10:00:00 +0000\n\nRice.",
            Metadata("On Rice", date="2025-10-08", url="https://grain.org/rice"),
        ),
        (
            "Title: On Rice\nPublisher: Grain & Sons\nDOI: 10.1000/xyz\nISBN: 978-0-306-40615-7\n"
            "Edition: 10\nVolume: 3\n\nRice grows.",
            Metadata(
                "On Rice",
                publisher="Grain & Sons",
                doi="10.1000/xyz",
                isbn="978-0-306-40615-7",
            ),
        ),
        (
            "The Project Gutenberg eBook of Frankenstein\n\nThis ebook is for the use of anyone\n"
            "anywhere.\n\nTitle: Frankenstein\n        or, the modern prometheus\n\n"
            "Author: Mary Wollstonecraft Shelley\n\nRelease date: October 1, 1993 [eBook #84]\n"
            "        Most recently updated: December 2, 2022\n\nLanguage: English\n\nText.",
            Metadata(
                "Frankenstein or, the modern prometheus",
                "Mary Wollstonecraft Shelley",
                language="en",
            ),
        ),
    ],
)
def test_labelled_lines_at_the_top_are_metadata(head: str, stated: Metadata) -> None:
    assert read_text(Path("any.txt"), head.encode()).metadata == stated


@pytest.mark.parametrize(
    "text",
    [
        "He wrote on rice.\nAuthor: that is what he was.\nAnd so on.",
        "Interviewer: Why?\nAuthor: Because I must, you see.\n\nMore.",
        "By the river she sat\n\nAnd sang of rice.",
        "On Rice\n\nBy ten in the morning it rained.\n\nMore.",
        "word " * 300 + "\n\nAuthor: Ana Roe\n",
        "Language: Klingon\nURL: grain dot org\nDate: soon\n\nText.",
    ],
)
def test_no_author_source_or_address_is_made_up(text: str) -> None:
    found = read_text(Path("any.txt"), text.encode()).metadata
    assert (found.author, found.publication, found.url, found.language) == (None,) * 4
    assert found.date is None


FRONT_MATTER = [
    (
        "---\ntitle: 1984\nauthors:\n  - name: Ana Roe\n  - Ben Poe\ndate: 2024-05-06\n"
        "lang: en-GB\njournal: Grain\ncanonical_url: https://grain.org\n---\nText.\n",
        Metadata("1984", "Ana Roe; Ben Poe", "Grain", "2024-05-06", "en", "https://grain.org"),
    ),
    (
        "+++\ntitle = 'On Rice'\ndate = 2024-05-06T10:00:00Z\nauthor = 'Ana Roe'\n+++\r\nText.\n",
        Metadata("On Rice", "Ana Roe", date="2024-05-06"),
    ),
    (
        "---\npublisher: Grain\nDOI: https://doi.org/10.1000/xyz\nisbn: 123\ntype: post\n---\nA.\n",
        Metadata(publisher="Grain", doi="10.1000/xyz"),
    ),
    ("---\ntitle: [broken\n# no heading\n---\n# On Rice\n\nText.\n", Metadata("On Rice")),
    ("---\n\nText.\n\n---\n\n# On Rice\n", Metadata("On Rice")),
    ("---\n" + "a: &a [" + "*a, " * 9 + "]\nauthor: *a\n---\n# On Rice\n", Metadata("On Rice")),
    ("---\n" + "[" * 1500 + "\n---\n\n# On Rice\n", Metadata("On Rice")),
]


@pytest.mark.parametrize(("text", "stated"), FRONT_MATTER)
def test_front_matter_is_metadata_and_stays_text(text: str, stated: Metadata) -> None:
    found = markdown.read(Path("any.md"), text.encode())
    assert (found.metadata, found.text, found.is_the_file) == (stated, text, True)
    assert all(not mark.label.startswith("no ") for mark in found.marks)


def test_headings_are_marked_with_their_words() -> None:
    text = (
        "# On *wet* `rice_fields` ##\n\nText\n\nSee [Roe](http://x.org)\n---\n\n"
        "```sh\n# comment\n```\n\n<!--\n# hidden\n-->\n\n    # code\n\n#tag\n\n### Deep {#deep}\n"
    )
    found = markdown.read(Path("any.md"), text.encode())
    assert [(mark.number, mark.label) for mark in found.marks] == [
        (1, "On wet rice_fields"),
        (2, "See Roe"),
        (3, "Deep"),
    ]
    assert [text[mark.start :][:3] for mark in found.marks] == ["# O", "See", "###"]


BLOCKS = st.sampled_from(
    [
        "# One",
        "## Two ##",
        "Under\n===",
        "Some text\nover lines\n---",
        "Text.\n# Close by",
        "```\n# code\n\n===\n```",
        "~~~py\n```\n## code\n~~~",
        "    # indented",
        "- item\n- more\n---",
        "> # quoted",
        "***",
        "#tag",
        "Text.",
        "<!--\n# hidden\n\n# still\n-->",
        "<pre>\n# raw\n\n</pre>",
        "- ```\n  # code\n  ```",
    ]
)


@given(st.lists(BLOCKS, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_headings_are_those_that_commonmark_finds(blocks: list[str], newline: str) -> None:
    text = "\n\n".join(blocks).replace("\n", newline)
    tokens = MarkdownIt("commonmark").parse(text)
    expected = [
        (token.map[0], int(token.tag[1]))
        for token in tokens
        if token.type == "heading_open" and token.level == 0 and token.map
    ]
    found = [(text.count("\n", 0, mark.start), mark.number) for mark in markdown.headings(text)]
    assert found == expected


def test_long_odd_lines_take_no_long_time() -> None:
    for text in ("# " + " " * 10**6 + "x", "- " * 10**6, "`" * 10**6, "a\n" + "=" * 10**6):
        assert len(list(markdown.headings(text))) <= 1
        assert len(list(restructured.titles(text))) <= 1


RST = """\
=======
On Rice
=======

:Author: Ana Roe <ana@grain.org>
:Date: 2024-05-06
:Language: en

Water in ``fields``
-------------------

Text::

  Not a title
  -----------

A transition follows.

--------

=====  =====
A      B
=====  =====

Care
~~~~

More
----
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_restructured_text_has_titles_by_style_and_fields(newline: str) -> None:
    text = RST.replace("\n", newline)
    found = restructured.read(Path("any.rst"), text.encode())
    assert found.metadata == Metadata("On Rice", "Ana Roe", date="2024-05-06", language="en")
    assert (found.text, found.is_the_file) == (text, True)
    assert [(mark.number, mark.label, text[mark.start :][:4]) for mark in found.marks] == [
        (1, "On Rice", "On R"),
        (2, "Water in fields", "Wate"),
        (3, "Care", "Care"),
        (2, "More", "More"),
    ]


def test_headers_of_python_enhancement_proposals_are_read() -> None:
    text = (
        "PEP: 8\nTitle: Style Guide\nAuthor: Ana Roe <ana@x.org>,\n        Ben Poe <ben@x.org>\n"
        "Status: Active\nCreated: 05-Jul-2001\nPost-History:\n\nIntroduction\n============\n\nText.\n"
    )
    found = restructured.read(Path("any.rst"), text.encode())
    assert found.metadata == Metadata("Style Guide", "Ana Roe; Ben Poe", date="2001-07-05")
    assert [mark.label for mark in found.marks] == ["Introduction"]


def test_a_suffix_is_known_in_any_case_and_under_gzip() -> None:
    names = ["a.TXT", "a.csv.gz", "a.eml", "a.ndjson", "a.rst.GZ", "a.jpg", "a.gz", "a", "a.zip"]
    known = [name for name in names if readers.is_readable(Path(name))]
    assert known == ["a.TXT", "a.csv.gz", "a.eml", "a.ndjson", "a.rst.GZ"]


def test_files_packed_with_gzip_are_read_as_what_is_in_them(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, gzip.compress(b"a,b\r\n1,2\r\n"), "rows.csv.gz")
    assert found.text == "a,b\r\n1,2\r\n"
    assert [mark.kind for mark in found.marks] == ["row", "row"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (gzip.compress(b"word " * 10_000)[:-20], "file-damaged"),
        (b"not gzip at all", "file-damaged"),
        (gzip.compress(b"words") + b"garbage", "file-damaged"),
        (gzip.compress(bytes(30 * 2**20)), "limit-exceeded"),
        (gzip.compress(b"  \n"), "file-empty"),
    ],
    # gzip writes the time of day into its header: made from the bytes, the names of these
    # cases would differ between two processes that collect them in different seconds.
    ids=["torn", "not-gzip", "garbage-after", "bursting", "blank"],
)
def test_broken_and_bursting_gzip_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "file.txt.gz"
    path.write_bytes(data)
    found = outcome(path)
    assert isinstance(found, Failure)
    assert found.code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyError("w:p"), "file-damaged"),
        (RecursionError(), "limit-exceeded"),
        (MemoryError(), "limit-exceeded"),
    ],
)
def test_what_a_reader_stumbles_over_is_that_files_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def stumble(path: Path, data: bytes) -> SourceText:
        raise error

    module = ModuleType("index.readers.stumbling")
    module.read = stumble  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(readers.READERS, ".odd", "stumbling")
    path = tmp_path / "file.odd"
    path.write_bytes(b"any")
    found = outcome(path)
    assert isinstance(found, Failure)
    assert (found.code, type(error).__name__ in found.message) == (code, True)
