from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_words import paragraph
from random_trees import random_trees

from index.errors import FileDamaged, FileEncrypted, FileRefused, LimitExceeded
from index.readers.docx import read
from index.types import Mark, Metadata, SourceText

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OTHERS = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)

table = st.lists(st.lists(paragraph, min_size=2, max_size=3), min_size=1, max_size=3)
piece = st.one_of(
    st.tuples(st.just("paragraph"), paragraph),
    st.tuples(st.integers(1, 9), paragraph),
    st.tuples(st.just("item"), paragraph),
    st.tuples(st.just("table"), table),
)


def saved(document: docx.document.Document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def package(body: str, **parts: str) -> bytes:
    """A DOCX of the body's XML, and of other parts such as footnotes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {W} {OTHERS}><w:body>{body}</w:body></w:document>"
        )
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {W} {OTHERS}>{xml}</w:{name}>")
    return file.getvalue()


def read_bytes(data: bytes) -> SourceText:
    return read(Path("any.docx"), data)


def text_of(body: str, **parts: str) -> str:
    return read_bytes(package(body, **parts)).text


def p(*runs: str, properties: str = "") -> str:
    inside = "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def headings(content: SourceText) -> list[tuple[int, str]]:
    for mark in content.marks:
        assert mark.kind != "heading" or content.text.startswith(mark.label, mark.start)
    return [(mark.number, mark.label) for mark in content.marks if mark.kind == "heading"]


def parts(content: SourceText) -> list[tuple[str, str]]:
    """Each part's label and text."""
    marks = [mark for mark in content.marks if mark.kind == "part"]
    ends = [mark.start for mark in marks[1:]] + [len(content.text)]
    assert {mark.start for mark in marks} <= {0, *content.breaks}
    return [
        (mark.label, content.text[mark.start : end].strip())
        for mark, end in zip(marks, ends, strict=False)
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(piece, min_size=1, max_size=8))
def test_what_python_docx_writes_comes_back_in_order(
    pieces: list[tuple[str | int, object]],
) -> None:
    document = docx.Document()
    expected, previous = "", ""
    for kind, content in pieces:
        if kind == "table":
            rows = [row[:2] for row in content]
            made = document.add_table(len(rows), 2)
            for row, cells in zip(rows, made.rows, strict=True):
                for words, cell in zip(row, cells.cells, strict=True):
                    cell.text = words
            written = "\n".join("\t".join(row) for row in rows)
        elif isinstance(kind, int):
            document.add_heading(content, kind)
            written = content
        else:
            document.add_paragraph(content, "List Bullet" if kind == "item" else None)
            written = f"- {content}" if kind == "item" else content
        between = "\n" if kind == previous == "item" else "\n\n"
        expected += (between if expected else "") + written
        previous = kind
    data = saved(document)
    found = read_bytes(data)
    assert found.text == expected
    assert headings(found) == [(kind, words) for kind, words in pieces if isinstance(kind, int)]
    again = docx.Document(io.BytesIO(data))
    words = [each.text for each in again.paragraphs]
    assert [
        line.removeprefix("- ") for line in found.text.split("\n") if line and "\t" not in line
    ] == words


def test_a_heading_is_known_by_its_level_whatever_its_style_is_called() -> None:
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"/>'
        '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="Überschrift 1"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Eigene"><w:basedOn w:val="berschrift1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Body"><w:basedOn w:val="berschrift1"/>'
        '<w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    )
    names = ["T", "berschrift1", "Eigene", "a", "Loop", "Body", "Missing"]
    body = "".join(p(name, properties=f'<w:pStyle w:val="{name}"/>') for name in names)
    body += p("Direct", properties='<w:outlineLvl w:val="3"/>')
    found = read_bytes(package(body, styles=styles))
    assert headings(found) == [(1, "T"), (1, "berschrift1"), (1, "Eigene"), (2, "a"), (4, "Direct")]


def test_notes_follow_the_text_with_the_numbers_they_are_shown_with() -> None:
    body = p(
        "One",
        '<w:r><w:footnoteReference w:id="7"/></w:r>',
        " two",
        '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="5"/><w:t>*</w:t></w:r>',
        '<w:r><w:endnoteReference w:id="2"/></w:r>',
        '<w:r><w:commentReference w:id="0"/></w:r>',
        " three<!-- a comment of XML -->",
    ) + p(
        "Four.",
        '<w:r><w:footnoteReference w:id="2"/></w:r>',
        properties='<w:outlineLvl w:val="0"/>',
    )
    footnotes = "".join(
        f'<w:footnote w:id="{key}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> '
        f"{words}</w:t></w:r></w:p></w:footnote>"
        for key, words in ((-1, "separator"), (2, "Last."), (5, "Starred."), (7, "First."))
    )
    found = read_bytes(
        package(
            body,
            footnotes=footnotes,
            endnotes=f'<w:endnote w:id="2">{p("End.")}{p("More.")}</w:endnote>',
            comments=f'<w:comment w:id="0" w:author="Ana Roe">{p("Sure?")}</w:comment>',
        )
    )
    assert found.text.startswith("One two three\n\nFour.\n\nFirst.")
    assert parts(found) == [
        ("footnote 1", "First."),
        ("footnote *", "Starred."),
        ("footnote 2", "Last."),
        ("endnote 1", "End.\n\nMore."),
        ("comment by Ana Roe", "Sure?"),
    ]
    ended = Mark(found.text.index("First."), "heading", 1, "")
    assert [mark for mark in found.marks if mark.kind == "heading"][-1] == ended
    assert list(found.marks) == sorted(found.marks, key=lambda mark: mark.start)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p("a", '<w:del><w:r><w:delText>no</w:delText></w:r></w:del>', "<w:ins><w:r><w:t>b</w:t></w:r></w:ins>"), "ab"),
        (p("a", properties="<w:rPr><w:del/></w:rPr>") + p("b"), "ab"),
        (p("a", '<w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r>', "b"), "ab"),
        (p("a", '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>b</w:t></w:r>'), "ab"),
        (p("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"), "a b\nc"),
        (p("<w:r><w:t>a</w:t><w:softHyphen/><w:noBreakHyphen/><w:t>b\u00adc</w:t></w:r>"), "a\u2011bc"),
        (p('<w:hyperlink w:anchor="x"><w:r><w:t>link</w:t></w:r></w:hyperlink>'), "link"),
        (p("<w:smartTag><w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>in</w:t></w:r></w:sdtContent></w:sdt></w:smartTag>"), "in"),
        (p("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"), "x=1"),
        (f"<w:sdt><w:sdtContent>{p('a')}</w:sdtContent></w:sdt>{p('b')}", "a\n\nb"),
        (f"<w:tbl><w:tr><w:tc>{p('a')}</w:tc></w:tr></w:tbl>{p('b')}", "a\n\nb"),
        (f"<w:tbl><w:tr><w:tc>{p('a')}{p('b')}</w:tc><w:tc>{p()}</w:tc><w:tc>{p('c')}</w:tc></w:tr></w:tbl>", "a b\t\tc"),
    ],
)  # fmt: skip
def test_the_text_is_what_is_shown(body: str, text: str) -> None:
    assert text_of(body) == text


def test_of_a_field_only_the_result_is_text() -> None:
    def char(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = "<w:r><w:instrText>IF 1 = </w:instrText></w:r>"
    nested = char("begin") + code + char("separate") + "<w:r><w:t>no</w:t></w:r>" + char("end")
    body = p("a ", char("begin") + code + nested + char("separate"), "b", char("end"), " c")
    assert text_of(body) == "a b c"


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{p('boxed')}</w:txbxContent>"
    twice = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    assert text_of(p("around ", twice, "it") + p("next")) == "around it\n\nboxed\n\nnext"


def test_nested_tables_are_read_in_their_cell() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{p('b')}</w:tc><w:tc>{p('c')}</w:tc></w:tr></w:tbl>"
    row = f"<w:tr><w:tc>{p('a')}{inner}{p('d')}</w:tc><w:tc>{p('e')}</w:tc></w:tr>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('no')}</w:tc><w:tc>{p('no')}</w:tc></w:tr>"
    assert text_of(f"<w:tbl>{row}{gone}</w:tbl>") == "a b c d\te"


def test_the_properties_are_the_metadata() -> None:
    document = docx.Document()
    document.add_paragraph("Text.")
    core = document.core_properties
    core.title, core.author, core.language = " On Rice ", "Roe, Ana;Ben Poe", "en-GB"
    core.created = core.created.replace(year=2024, month=5, day=6)
    assert read_bytes(saved(document)).metadata == Metadata(
        title="On Rice", author="Roe, Ana; Ben Poe", date="2024-05-06", language="en"
    )


def test_the_strict_variant_is_read_too() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="a" Target="/other/Main.xml" Type="http://purl.oclc.org/ooxml/'
            'officeDocument/relationships/officeDocument"/></Relationships>',
        )
        archive.writestr(
            "other\\main.xml",
            '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
            f"{p('strict')}</w:body></w:document>",
        )
    assert read_bytes(file.getvalue()).text == "strict"


def zipped(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("_", "/") + ".xml", data)
    return file.getvalue()


LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("data", "refusal", "words"),
    [
        (b"", FileDamaged, "not whole"),
        (b"Just text.", FileDamaged, "not whole"),
        (b"%PDF-1.7 ...", FileDamaged, "Rename it to .pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), FileEncrypted, "password"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"),
            FileDamaged,
            "before 2007",
        ),
        (package(p("whole"))[:-60], FileDamaged, "not whole"),
        (zipped(other=b"<a/>"), FileDamaged, "word/document.xml is missing"),
        (zipped(word_document=b"<a/>"), FileDamaged, "instead of"),
        (zipped(word_document=LAUGHS), FileDamaged, "entities"),
        (zipped(word_document=b"<a>" * 100_000), FileDamaged, "not whole"),
        (zipped(word_document=b"<a>" + b" " * 50_000_000), LimitExceeded, "200 times"),
    ],
)
def test_what_is_no_docx_is_refused_with_a_remedy(
    data: bytes, refusal: type[FileRefused], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        read_bytes(data)


WHOLE_FILES = [saved(docx.Document()), package(p("words"))]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_refused_or_read_and_never_crashes(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(WHOLE_FILES)))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    length = data.draw(st.one_of(st.just(len(whole)), st.integers(0, len(whole))))
    with suppress(FileRefused):
        read_bytes(bytes(whole[:length]))


@settings(max_examples=150, deadline=None)
@given(
    random_trees(
        [
            "w:p",
            "w:r",
            "w:t",
            "w:tbl",
            "w:tr",
            "w:tc",
            "w:pPr",
            "w:numPr",
            "w:numId",
            "w:pStyle",
            "w:outlineLvl",
            "w:fldChar",
            "w:sym",
            "w:txbxContent",
            "w:footnoteReference",
            "w:commentReference",
            "w:vanish",
            "w:rPr",
            "w:del",
            "w:br",
            "mc:AlternateContent",
            "mc:Choice",
            "mc:Fallback",
            "w:style",
            "w:basedOn",
            "w:footnote",
            "w:comment",
        ],
        ["w:val", "w:id", "w:char", "w:fldCharType", "w:customMarkFollows", "w:styleId"],
        ["1", "begin", "end", "separate", "-7", "D83D", "99999999999", "true", ""],
    )
)
def test_elements_in_the_wrong_places_do_no_harm(xml: str) -> None:
    found = read_bytes(package(xml, footnotes=xml, comments=xml, styles=xml, numbering=xml))
    assert all(mark.start < len(found.text) for mark in found.marks)


def test_deep_nesting_within_the_limit_is_read() -> None:
    deep = 120
    body = "<w:tbl><w:tr><w:tc>" * (deep // 3) + p("deep") + "</w:tc></w:tr></w:tbl>" * (deep // 3)
    runs = "<w:ins>" * 200 + "<w:r><w:t>in</w:t></w:r>" + "</w:ins>" * 200
    assert text_of(body + p(runs)) == "deep\n\nin"
