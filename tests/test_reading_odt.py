from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf import dc, meta, table, teletype, text
from odf.opendocument import OpenDocumentText, load
from office_words import paragraph
from random_trees import random_trees

from index.errors import FileDamaged, FileEncrypted, FileRefused, LimitExceeded
from index.readers.odt import read
from index.types import Metadata, SourceText

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMESPACES = " ".join(
    [
        *(f'xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "text", "table", "style")),
        f'xmlns:draw="{ODF}drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"',
        f'xmlns:manifest="{ODF}manifest:1.0" xmlns:svg="{ODF}svg-compatible:1.0"',
    ]
)

rows = st.lists(st.lists(paragraph, min_size=2, max_size=2), min_size=1, max_size=3)
piece = st.one_of(
    st.tuples(st.just("paragraph"), paragraph),
    st.tuples(st.integers(1, 9), paragraph),
    st.tuples(st.just("item"), paragraph),
    st.tuples(st.just("table"), rows),
    st.tuples(st.just("note"), paragraph),
)


def saved(document: OpenDocumentText) -> bytes:
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def package(body: str, styles: str = "", **parts: str) -> bytes:
    """An ODT of the body's XML, with automatic styles, and of other parts such as a manifest."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
        )
        for name, xml in parts.items():
            archive.writestr(f"{name.replace('_', '/')}.xml", xml)
    return file.getvalue()


def read_bytes(data: bytes) -> SourceText:
    return read(Path("any.odt"), data)


def text_of(body: str, styles: str = "") -> str:
    return read_bytes(package(body, styles)).text


def parts(content: SourceText) -> list[tuple[str, str]]:
    marks = [mark for mark in content.marks if mark.kind == "part"]
    ends = [mark.start for mark in marks[1:]] + [len(content.text)]
    assert {mark.start for mark in marks} <= set(content.breaks)
    return [
        (mark.label, content.text[mark.start : end].strip())
        for mark, end in zip(marks, ends, strict=False)
    ]


def add(document: OpenDocumentText, kind: str | int, content: object, number: int) -> str:
    """Add to a document; the canonical text it makes."""
    if isinstance(kind, int):
        document.text.addElement(text.H(outlinelevel=kind, text=content))
        return str(content)
    if kind == "item":
        item = text.ListItem()
        item.addElement(text.P(text=content))
        listed = text.List()
        listed.addElement(item)
        document.text.addElement(listed)
        return f"- {content}"
    if kind == "table":
        made = table.Table()
        for cells in content:
            row = table.TableRow()
            for words in cells:
                cell = table.TableCell()
                cell.addElement(text.P(text=words))
                row.addElement(cell)
            made.addElement(row)
        document.text.addElement(made)
        return "\n".join("\t".join(cells) for cells in content)
    made = text.P(text="Before")
    if kind == "note":
        note = text.Note(noteclass="footnote", id=f"n{number}")
        note.addElement(text.NoteCitation(text=str(number)))
        body = text.NoteBody()
        body.addElement(text.P(text=content))
        note.addElement(body)
        made.addElement(note)
        teletype.addTextToElement(made, " after")
        document.text.addElement(made)
        return "Before after"
    document.text.addElement(text.P(text=content))
    return str(content)


@settings(max_examples=60, deadline=None)
@given(st.lists(piece, min_size=1, max_size=8))
def test_what_odfpy_writes_comes_back_in_order(pieces: list[tuple[str | int, object]]) -> None:
    document = OpenDocumentText()
    expected, previous, notes = "", "", []
    for kind, content in pieces:
        written = add(document, kind, content, len(notes) + 1)
        between = "\n" if kind == previous == "item" else "\n\n"
        expected += (between if expected else "") + written
        previous = str(kind)
        if kind == "note":
            notes.append((f"footnote {len(notes) + 1}", content))
    data = saved(document)
    found = read_bytes(data)
    main = found.text[: min((m.start for m in found.marks if m.kind == "part"), default=None)]
    assert main.rstrip() == expected
    assert parts(found) == notes
    headings = [(m.number, m.label) for m in found.marks if m.kind == "heading" and m.label]
    assert headings == [(kind, words) for kind, words in pieces if isinstance(kind, int)]
    again = load(io.BytesIO(data))
    for heading in again.getElementsByType(text.H):
        assert teletype.extractText(heading) in found.text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d</text:p>", "a b c\nd"),
        ("<text:p>a<text:span>b<text:a>c</text:a>d</text:span>e</text:p>", "abcde"),
        (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>no</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes><text:p>a</text:p>",
            "a",
        ),
        (
            "<text:p>a<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box>"
            "<svg:desc>no</svg:desc></draw:frame>b</text:p><text:p>c</text:p>",
            "ab\n\nboxed\n\nc",
        ),
        ("<text:p>a<draw:rect><text:p>shape</text:p></draw:rect>b</text:p>", "ab\n\nshape"),
        ("<text:section text:display='none'><text:p>no</text:p></text:section>", ""),
        ("<text:p text:style-name='Gone'>no</text:p><text:p>a</text:p>", "a"),
        ("<text:p>a<text:span text:style-name='Child'>no</text:span>b</text:p>", "ab"),
        (
            "<text:list text:style-name='L'><text:list-item><text:p>a</text:p><text:p>b</text:p>"
            "<text:list><text:list-item><text:p>c</text:p></text:list-item></text:list>"
            "</text:list-item><text:list-item><text:p>d</text:p></text:list-item></text:list>",
            "- a\n\nb\n\nc\n\n- d",
        ),
        (
            "<text:list><text:list-item><text:h text:outline-level='2'>a</text:h></text:list-item>"
            "</text:list>",
            "a",
        ),
        (
            "<text:table-of-content><text:table-of-content-source><text:index-title-template>no"
            "</text:index-title-template></text:table-of-content-source><text:index-body>"
            "<text:p>One<text:tab/>1</text:p></text:index-body></text:table-of-content>",
            "One 1",
        ),
        (
            "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>a"
            "</text:p></table:table-cell><table:covered-table-cell/><table:table-cell><text:p>b"
            "</text:p><table:table><table:table-row><table:table-cell><text:p>c</text:p>"
            "</table:table-cell></table:table-row></table:table></table:table-cell>"
            "</table:table-row></table:table-header-rows></table:table>",
            "a\t\tb c",
        ),
    ],
)
def test_the_text_is_what_is_shown(body: str, expected: str) -> None:
    styles = (
        '<style:style style:name="Gone"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="Child" style:parent-style-name="Gone"/>'
        '<text:list-style style:name="L"><text:list-level-style-bullet text:level="1"/>'
        '<text:list-level-style-number text:level="2"/></text:list-style>'
    )
    assert text_of(body, styles) == expected


def test_comments_and_endnotes_follow_the_footnotes() -> None:
    note = (
        '<text:note text:note-class="{0}"><text:note-citation>{1}</text:note-citation>'
        "<text:note-body><text:p>{2}</text:p></text:note-body></text:note>"
    )
    comment = (
        "<office:annotation><dc:creator>Ana Roe</dc:creator><dc:date>2024-01-01</dc:date>"
        "<text:p>Sure?</text:p></office:annotation>"
    )
    body = (
        f"<text:h>Head</text:h><text:p>a{comment}b{note.format('endnote', 'i', 'End.')}c"
        f"{note.format('footnote', '*', 'Foot.')}d</text:p>"
    )
    found = read_bytes(package(body))
    assert found.text.startswith("Head\n\nabcd\n\n")
    assert parts(found) == [
        ("footnote *", "Foot."),
        ("endnote i", "End."),
        ("comment by Ana Roe", "Sure?"),
    ]
    assert [mark.label for mark in found.marks if mark.kind == "heading"] == ["Head", ""]


def test_a_title_is_a_heading_also_in_a_style_of_its_own() -> None:
    style = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    found = read_bytes(package('<text:p text:style-name="P1">On Rice</text:p>', style))
    assert [(mark.number, mark.label) for mark in found.marks] == [(1, "On Rice")]


def test_the_properties_are_the_metadata() -> None:
    document = OpenDocumentText()
    document.text.addElement(text.P(text="Text."))
    for element in (
        dc.Title(text="On Rice"),
        meta.InitialCreator(text="Ana Roe"),
        dc.Creator(text="Somebody Else"),
        meta.CreationDate(text="2024-05-06T10:00:00.123"),
        dc.Language(text="de-AT"),
    ):
        document.meta.addElement(element)
    assert read_bytes(saved(document)).metadata == Metadata(
        title="On Rice", author="Ana Roe", date="2024-05-06", language="de"
    )


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", FileDamaged),
        (b"Just text.", FileDamaged),
        (package("<text:p>whole</text:p>")[:-60], FileDamaged),
        (package("<text:p>"), FileDamaged),
        (package("<text:p>" + " " * 50_000_000 + "</text:p>"), LimitExceeded),
        (
            package(
                "",
                **{
                    "META-INF_manifest": f"<manifest:manifest {NAMESPACES}><manifest:file-entry>"
                    "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
                },
            ),
            FileEncrypted,
        ),
    ],
)
def test_what_is_no_open_odt_is_refused_with_a_remedy(
    data: bytes, refusal: type[FileRefused]
) -> None:
    with pytest.raises(refusal) as refused:
        read_bytes(data)
    assert refused.value.remedy


@settings(max_examples=150, deadline=None)
@given(
    random_trees(
        [
            "text:p",
            "text:h",
            "text:list",
            "text:list-item",
            "text:note",
            "text:note-body",
            "text:note-citation",
            "office:annotation",
            "dc:creator",
            "table:table",
            "table:table-row",
            "table:table-cell",
            "draw:text-box",
            "text:s",
            "text:span",
            "style:style",
            "style:text-properties",
            "text:list-style",
            "text:section",
        ],
        ["text:style-name", "style:name", "text:outline-level", "text:level", "text:display"],
        ["1", "-7", "99999999999", "none", "a", ""],
    )
)
def test_elements_in_the_wrong_places_do_no_harm(xml: str) -> None:
    found = read_bytes(package(xml, styles=xml))
    assert all(mark.start < len(found.text) for mark in found.marks)
