from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_words import paragraph

from index.errors import FileDamaged, FileRefused
from index.readers.rtf import read
from index.types import Metadata, SourceText

piece = st.one_of(
    st.tuples(st.just("paragraph"), paragraph),
    st.tuples(st.integers(1, 9), paragraph),
    st.tuples(st.just("item"), paragraph),
    st.tuples(st.just("table"), st.lists(st.tuples(paragraph, paragraph), min_size=1, max_size=3)),
    st.tuples(st.just("note"), paragraph),
)


def coded(words: str) -> str:
    """Words as RTF: escapes, the code page's bytes, and UTF-16 in halves with a stand-in."""
    written = ""
    for character in words:
        if character in "{}\\":
            written += f"\\{character}"
        elif character.isascii():
            written += character
        elif character in "éï":
            written += f"\\'{character.encode('cp1252').hex()}"
        else:
            halves = character.encode("utf-16-le")
            for at in range(0, len(halves), 2):
                number = int.from_bytes(halves[at : at + 2], "little", signed=True)
                written += f"\\u{number}?"
    return written


def rtf(kind: str | int, content: object) -> str:
    if kind == "table":
        rows = ("".join(f"{coded(words)}\\cell " for words in row) for row in content)
        return "".join(f"\\trowd\\cellx1\\cellx2\\pard\\intbl {row}\\row " for row in rows)
    if kind == "item":
        return f"\\pard{{\\listtext\\'b7\\tab}}{coded(content)}\\par\n"
    if kind == "note":
        note = f"{{\\footnote\\pard\\plain {{\\super\\chftn}} {coded(content)}}}"
        return f"\\pard Before{{\\super\\chftn}}{note} after\\par\n"
    level = f"\\outlinelevel{kind - 1}" if isinstance(kind, int) else ""
    return f"\\pard\\plain{level} {{\\b {coded(content)}}}\\par\n"


def expected(kind: str | int, content: object) -> str:
    if kind == "table":
        return "\n".join("\t".join(row) for row in content)
    return {"item": f"- {content}", "note": "Before after"}.get(kind, content)


def whole(body: str, head: str = "") -> bytes:
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{head}{body}}}".encode("latin-1")


def read_bytes(data: bytes) -> SourceText:
    return read(Path("any.rtf"), data)


def text_of(body: str, head: str = "") -> str:
    return read_bytes(whole(body, head)).text


@settings(max_examples=150, deadline=None)
@given(st.lists(piece, min_size=1, max_size=8))
def test_what_is_written_comes_back_in_order(pieces: list[tuple[str | int, object]]) -> None:
    body, main, previous = "", "", ""
    for kind, content in pieces:
        body += rtf(kind, content) + ("\\pard\\par " if kind == "table" else "")
        between = "\n" if kind == previous == "item" else "\n\n"
        main += (between if main else "") + expected(kind, content)
        previous = kind
    notes = [content for kind, content in pieces if kind == "note"]
    found = read_bytes(whole(body))
    assert found.text == "\n\n".join([main, *notes])
    headings = [(m.number, m.label) for m in found.marks if m.kind == "heading" and m.label]
    assert headings == [(kind, words) for kind, words in pieces if isinstance(kind, int)]
    marks = [mark for mark in found.marks if mark.kind == "part"]
    assert [mark.label for mark in marks] == [f"footnote {n}" for n in range(1, len(notes) + 1)]
    assert [found.text[m.start :][: len(n)] for m, n in zip(marks, notes, strict=True)] == notes
    assert {mark.start for mark in marks} <= set(found.breaks)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("a{\\v no}b\\v no\\v0 c", "abc"),
        ("a{\\deleted no}{\\revised b}", "ab"),
        ("a\\tab b\\line c\\par d", "a b\nc\n\nd"),
        ("a\\-b\\_c\\~d\\emdash\\lquote e\\rquote", "ab\u2011c d—‘e’"),
        ('{\\field{\\*\\fldinst{HYPERLINK "http://no"}}{\\fldrslt link}} on', "link on"),
        ("{\\pict\\wmetafile8 0102}{\\*\\unknown no}{\\header no}a", "a"),
        ("a{\\pict\\bin4 {}}\\}b", "ab"),
        ("{\\shp{\\*\\shpinst{\\sp{\\sn no}{\\sv no}}{\\shptxt box\\par}}{\\shprslt no}}a", "box\n\na"),
        ("{\\listtext 1.\\tab}one\\par{\\pntext\\'b7\\tab}two\\par", "1. one\n\n- two"),
        ("\\u8217\\'92s \\uc0\\u233 t\\uc2\\u233 xyz", "’s étéz"),
        ("\\u-10179?\\u-8704? \\u64977?", "😀 ?"),
        ("caf\xe9", "café"),
        ("\\trowd\\intbl a|b\\cell c\\par d\\cell\\row\\pard e", "a|b\tc d\n\ne"),
        ("\\trowd\\intbl a\\par b\\cell\\row\\pard c", "a\n\nb\n\nc"),
        ("{{unclosed", "unclosed"),
    ],
)  # fmt: skip
def test_the_text_is_what_is_shown(body: str, text: str) -> None:
    assert text_of(body) == text


def test_each_font_has_its_code_page() -> None:
    fonts = (
        "{\\fonttbl{\\f0\\fcharset0 Times{\\*\\falt x};}{\\f1\\fcharset204 Cyr;}"
        "{\\f2\\fcharset128 Mincho;}}"
    )
    body = "{\\f1\\'cf\\'f0\\'e8} {\\f2\\'83e\\'83X\\'83g} caf\\'e9"
    assert text_of(body, fonts) == "При テスト café"


def test_headings_are_known_by_their_style() -> None:
    styles = "{\\stylesheet{\\s1 heading 1;}{\\s2\\outlinelevel2 \\'dcberschrift;}{\\s3 Title;}}"
    found = read_bytes(whole("\\s3 A\\par\\s1 B\\par\\s2 C\\par\\pard d", styles))
    headings = [(mark.number, mark.label) for mark in found.marks]
    assert headings == [(1, "A"), (1, "B"), (3, "C")]


def test_endnotes_and_comments_have_their_labels() -> None:
    body = (
        "a{\\footnote\\ftnalt End.}b{\\*\\atnid AR}{\\*\\atnauthor Ana Roe}\\chatn"
        "{\\*\\annotation Sure?\\par Yes.}{\\*\\annotation Who?}"
    )
    found = read_bytes(whole(body))
    assert found.text == "ab\n\nEnd.\n\nSure?\n\nYes.\n\nWho?"
    labels = [mark.label for mark in found.marks if mark.kind == "part"]
    assert labels == ["endnote 1", "comment by Ana Roe", "comment"]


def test_the_information_group_is_the_metadata() -> None:
    info = (
        "{\\info{\\title On \\u8220?Rice\\u8221? \\'e9}{\\author Ana Roe; Ben Poe}"
        "{\\operator no}{\\creatim\\yr2024\\mo5\\dy6\\hr10}{\\revtim\\yr2025}}"
    )
    found = read_bytes(whole("Text.", info))
    assert found.text == "Text."
    assert found.metadata == Metadata(
        title="On “Rice” é", author="Ana Roe; Ben Poe", date="2024-05-06"
    )


@pytest.mark.parametrize(
    "data", [b"", b"text", b"%PDF-1.7", b"PK\x03\x04", b"{\\rtf1" + b"{" * 1_000_000]
)
def test_what_is_no_rtf_is_refused_with_a_remedy(data: bytes) -> None:
    with pytest.raises(FileDamaged) as refused:
        read_bytes(data)
    assert refused.value.remedy


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "{",
                "}",
                "{\\footnote",
                "{\\*\\annotation",
                "{\\fonttbl",
                "{\\stylesheet",
                "{\\info",
                "{\\title",
                "{\\*\\x",
                "{\\listtext",
                "{\\shp",
                "{\\*\\shpinst",
                "{\\shptxt",
                "\\f1",
                "\\f",
                "\\fcharset128",
                "\\fcharset84",
                "\\u",
                "\\uc",
                "\\u99999999",
                "\\u-99999",
                "\\uc9",
                "\\'",
                "\\'8",
                "\\'83",
                "\\cell",
                "\\row",
                "\\par",
                "\\intbl",
                "\\pard",
                "\\bin",
                "\\bin3",
                "\\bin-9",
                "\\ansicpg",
                "\\ansicpg99999",
                "\\ansicpg65001",
                "\\ansicpg932",
                "\\s1",
                "\\outlinelevel99",
                "\\v",
                "\\plain",
                "\\creatim",
                "\\yr99999",
                "words",
                "\\",
                "é",
                "\x00",
            ]
        ),
        max_size=40,
    )
)
def test_words_in_the_wrong_places_do_no_harm(words: list[str]) -> None:
    try:
        found = read_bytes(b"{\\rtf1" + "".join(words).encode("latin-1"))
    except FileRefused:
        return
    assert all(mark.start < len(found.text) for mark in found.marks)
    found.text.encode()  # no half of a pair


@pytest.mark.slow
@pytest.mark.parametrize("body", ["\\'e9", "{\\b x}", "\\f0{\\fonttbl", "{\\field{\\*\\fldinst H"])
def test_time_grows_with_length_and_no_faster(body: str) -> None:
    def seconds(repeated: int) -> float:
        data = whole(body * repeated + "}" * (body.count("{") - body.count("}")) * repeated)
        start = time.perf_counter()
        with suppress(FileRefused):
            read_bytes(data)
        return time.perf_counter() - start

    assert seconds(80_000) < 40 * max(seconds(8_000), 0.02)
