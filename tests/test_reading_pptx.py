from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_words import paragraph
from pptx.util import Inches
from random_trees import random_trees

from index.errors import FileDamaged, FileRefused, LimitExceeded, NoTextLayer
from index.readers.limits import MAX_PAGES
from index.readers.pptx import read
from index.types import Metadata, SourceText

TITLE_AND_CONTENT, BLANK = 1, 6

slide = st.fixed_dictionaries(
    {
        "title": st.none() | paragraph,
        "body": st.lists(paragraph, max_size=3),
        "table": st.none() | st.lists(st.lists(paragraph, min_size=2, max_size=2), min_size=1),
        "notes": st.lists(paragraph, max_size=2),
    }
)
DRAWN = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def saved(deck: pptx.presentation.Presentation) -> bytes:
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def read_bytes(data: bytes) -> SourceText:
    return read(Path("any.pptx"), data)


def relations(**targets: str) -> str:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for key, (kind, target) in ((key, value.split()) for key, value in targets.items())
    )
    return f"<Relationships>{listed}</Relationships>"


def package(shapes: str, count: int = 1, diagram: str = "") -> bytes:
    """A deck that shows the same slide so many times."""
    listed = '<p:sldId id="256" r:id="s"/>' * count
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "ppt/presentation.xml",
            f"<p:presentation {DRAWN}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        )
        archive.writestr("ppt/_rels/presentation.xml.rels", relations(s="slide slides/one.xml"))
        archive.writestr("ppt/slides/one.xml", f"<p:sld {DRAWN}>{shapes}</p:sld>")
        archive.writestr(
            "ppt/slides/_rels/one.xml.rels", relations(d="diagramData ../diagrams/data1.xml")
        )
        archive.writestr(
            "ppt/diagrams/data1.xml", f"<dgm:dataModel {DRAWN}>{diagram}</dgm:dataModel>"
        )
    return file.getvalue()


def shape(*paragraphs: str, kind: str = "", properties: str = "") -> str:
    placeholder = f'<p:ph type="{kind}"/>' if kind else ""
    written = "".join(
        f"<a:p>{properties}<a:r><a:t>{words}</a:t></a:r></a:p>" for words in paragraphs
    )
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>"
        f"<p:txBody>{written}</p:txBody></p:sp>"
    )


def make(slides: list[dict[str, object]]) -> pptx.presentation.Presentation:
    deck = pptx.Presentation()
    for content in slides:
        layout = deck.slide_layouts[BLANK if content["title"] is None else TITLE_AND_CONTENT]
        made = deck.slides.add_slide(layout)
        if content["title"] is not None:
            made.shapes.title.text = content["title"]
        if content["body"]:
            box = made.shapes.add_textbox(0, 0, Inches(3), Inches(1)).text_frame
            box.text = "\n".join(content["body"])
        if content["table"]:
            size = Inches(3), Inches(2)
            frame = made.shapes.add_table(len(content["table"]), 2, 0, 0, *size)
            for row, cells in zip(content["table"], frame.table.rows, strict=True):
                for words, cell in zip(row, cells.cells, strict=True):
                    cell.text = words
        if content["notes"]:
            made.notes_slide.notes_text_frame.text = "\n".join(content["notes"])
    return deck


def on_slide(content: dict[str, object]) -> str:
    rows = ["\t".join(row) for row in content["table"] or []]
    title = [content["title"]] if content["title"] else []
    return "\n\n".join([*title, *content["body"], *(["\n".join(rows)] if rows else [])])


@settings(max_examples=25, deadline=None)
@given(st.lists(slide, min_size=1, max_size=4))
def test_what_python_pptx_writes_comes_back_slide_by_slide(
    slides: list[dict[str, object]],
) -> None:
    data = saved(make(slides))
    written = [(on_slide(content), "\n\n".join(content["notes"])) for content in slides]
    if not any(map(any, written)):
        with pytest.raises(NoTextLayer):
            read_bytes(data)
        return
    found = read_bytes(data)
    assert found.text == "\n\n".join(text for both in written for text in both if text)
    numbers = {mark.start: mark.number for mark in found.marks if mark.kind == "slide"}
    notes = {mark.start: bool(mark.label) for mark in found.marks if mark.kind == "part"}
    headings = {mark.start: mark.label for mark in found.marks if mark.kind == "heading"}
    at = 0
    for number, (content, both) in enumerate(zip(slides, written, strict=True), 1):
        for is_notes, text in enumerate(both):
            if text:
                assert found.text.startswith(text, at)
                assert numbers[max(start for start in numbers if start <= at)] == number
                assert notes.get(max((s for s in notes if s <= at), default=-1), False) == is_notes
                under = headings.get(max((s for s in headings if s <= at), default=-1), "")
                assert under == (content["title"] or "")
                assert at == 0 or at in found.breaks
                at += len(text) + 2
    assert found.pages_without_text == sum(not any(both) for both in written)


def test_python_pptx_reads_the_same_words() -> None:
    example = {"title": "On Rice", "body": ["One.", "Two."], "table": None, "notes": ["Say it."]}
    data = saved(make([example, example]))
    words = [
        paragraph.text
        for each in pptx.Presentation(io.BytesIO(data)).slides
        for source in (each.shapes, [each.notes_slide.notes_placeholder or each.shapes.title])
        for found in source
        if found.has_text_frame
        for paragraph in found.text_frame.paragraphs
        if paragraph.text
    ]
    assert sorted(words) == sorted(read_bytes(data).text.split("\n\n"))


@pytest.mark.parametrize(
    ("shapes", "text"),
    [
        (shape("body") + shape("Title", "line two", kind="ctrTitle"), "Title line two\n\nbody"),
        (shape("a") + "".join(shape("no", kind=kind) for kind in ("sldNum", "dt", "ftr")), "a"),
        (f"<p:grpSp>{shape('a')}<p:grpSp>{shape('b')}</p:grpSp></p:grpSp>", "a\n\nb"),
        (shape("a", "b", properties="<a:pPr><a:buChar/></a:pPr>"), "- a\n- b"),
        (shape("a</a:t></a:r><a:br/><a:r><a:t>b"), "a\nb"),
        (
            f"<mc:AlternateContent><mc:Choice>{shape('a')}</mc:Choice>"
            f"<mc:Fallback>{shape('a')}</mc:Fallback></mc:AlternateContent>",
            "a",
        ),
        ('<p:graphicFrame><dgm:relIds r:dm="d"/></p:graphicFrame>', "smart\n\nart"),
        ('<p:graphicFrame><dgm:relIds r:dm="gone"/></p:graphicFrame>' + shape("a"), "a"),
    ],
)
def test_the_text_is_what_is_shown(shapes: str, text: str) -> None:
    point = "<dgm:pt{}><dgm:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></dgm:t></dgm:pt>"
    points = [
        point.format("", "smart"),
        point.format(' type="pres"', "no"),
        point.format(' type="node"', "art"),
    ]
    diagram = f"<dgm:ptLst>{''.join(points)}</dgm:ptLst>"
    assert read_bytes(package(shapes, diagram=diagram)).text == text


def test_slides_come_in_the_order_they_are_shown() -> None:
    deck = pptx.Presentation()
    for words in ("first", "second", "hidden"):
        deck.slides.add_slide(deck.slide_layouts[TITLE_AND_CONTENT]).shapes.title.text = words
    deck.slides[2]._element.set("show", "0")
    listed = deck.slides._sldIdLst
    listed.insert(0, listed[1])
    found = read_bytes(saved(deck))
    assert found.text == "second\n\nfirst\n\nhidden"
    assert [mark.number for mark in found.marks if mark.kind == "slide"] == [1, 2, 3]


def test_the_properties_are_the_metadata() -> None:
    example = {"title": "A", "body": [], "table": None, "notes": []}
    deck = make([example])
    core = deck.core_properties
    assert read_bytes(saved(deck)).metadata.title is None  # python-pptx's stand-in
    core.title, core.author = "On Rice", "Ana Roe; Ben Poe"
    core.created = core.modified.replace(year=2024, month=5, day=6)
    assert read_bytes(saved(deck)).metadata == Metadata(
        title="On Rice", author="Ana Roe; Ben Poe", date="2024-05-06"
    )


@pytest.mark.parametrize(
    ("data", "refusal", "words"),
    [
        (b"", FileDamaged, "not whole"),
        (b"%PDF-1.7", FileDamaged, "Rename"),
        (package(shape("whole"))[:-60], FileDamaged, "not whole"),
        (package(shape(""), 2), NoTextLayer, "2 slides"),
        (package(shape("a"), MAX_PAGES + 1), LimitExceeded, "slides"),
        (package(shape("a") + " " * 50_000_000), LimitExceeded, "200 times"),
    ],
)
def test_what_is_no_deck_with_text_is_refused_with_a_remedy(
    data: bytes, refusal: type[FileRefused], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        read_bytes(data)


def test_a_missing_slide_is_not_passed_over() -> None:
    file = io.BytesIO(package(shape("a")))
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(made := io.BytesIO(), "w") as archive:
        for name in whole.namelist():
            if not name.endswith("slides/one.xml"):
                archive.writestr(name, whole.read(name))
    with pytest.raises(FileDamaged, match=r"one\.xml is missing"):
        read_bytes(made.getvalue())


@settings(max_examples=150, deadline=None)
@given(
    random_trees(
        [
            "p:sp",
            "p:nvSpPr",
            "p:nvPr",
            "p:ph",
            "p:pic",
            "p:graphicFrame",
            "a:p",
            "a:r",
            "a:t",
            "a:br",
            "a:tbl",
            "a:tr",
            "a:tc",
            "a:pPr",
            "a:buChar",
            "dgm:relIds",
            "dgm:ptLst",
            "dgm:pt",
            "dgm:t",
            "mc:AlternateContent",
            "mc:Choice",
        ],
        ["type", "r:dm", "id"],
        ["title", "body", "sldNum", "d", ""],
    )
)
def test_elements_in_the_wrong_places_do_no_harm(xml: str) -> None:
    found = read_bytes(package(shape("a") + xml, 2, diagram=xml))
    assert all(mark.start < len(found.text) for mark in found.marks)
