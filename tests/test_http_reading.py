"""Documents that are read over HTTP: leafed through, cited at any words, marked on their pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from conftest import add, local_client
from http_problems import got, problem
from made_files import made
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from reportlab.pdfgen.canvas import Canvas

from api.app import create_app
from index import records
from qa import citing
from qa.engine import Engine
from qa.selection import MOST_CHARACTERS
from qa.settings import Settings

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

MARKDOWN = """# Rice

Rice grows in water, and it has done so for longer than anybody can tell.

## Methods

The fields were flooded in May, when the rain came.

The harvest was brought in by hand, as it always was, before the first frost of the year.

# Wheat

Wheat grows on dry land, and it needs far less water than rice does.
"""
PAGES = (
    ("The harbour froze in March.", "Nobody could leave the town."),
    ("The ferry was sold in May.", "It had never seen the open sea."),
    ("The ships came back in June.",),
)
DARK = 128


def printed() -> bytes:
    """Three pages: the second turned by 90 degrees, the third with its edges cut."""
    drawn = io.BytesIO()
    canvas = Canvas(drawn, pagesize=(400, 600), invariant=1)
    for lines in PAGES:
        for number, line in enumerate(lines):
            canvas.drawString(60, 500 - 40 * number, line)
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(PdfReader(drawn))
    writer.pages[1].rotate(90)
    writer.pages[2].cropbox = RectangleObject((40, 300, 300, 560))
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


def slides() -> bytes:
    shown = Presentation()
    for title in ("First steps in a new land", "Second thoughts about it all"):
        slide = shown.slides.add_slide(shown.slide_layouts[1])
        slide.shapes.title.text = title  # type: ignore[union-attr]
        slide.placeholders[1].text = f"{title}: there is more to say of this than fits on a slide."  # type: ignore[attr-defined]
    out = io.BytesIO()
    shown.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def engine(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path
) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("reading")
    sources = folder / "sources"
    sources.mkdir()
    (sources / "rice.md").write_text(MARKDOWN, encoding="utf-8")
    (sources / "harbour.pdf").write_bytes(printed())
    (sources / "steps.pptx").write_bytes(slides())
    for suffix in (".eml", ".csv", ".html", ".docx"):
        (sources / f"made{suffix}").write_bytes(made(suffix, 6, 2))
    (sources / "long.txt").write_text("Rice grows in water.\n\n" * 1000, encoding="utf-8")
    with closing(Engine(Settings(folder / "library", cache, str(tiny_model), "cpu"))) as engine:
        assert not add(engine, sources).failed
        yield engine


@pytest.fixture(scope="module")
def client(engine: Engine) -> TestClient:
    return local_client(create_app(engine))


def named(engine: Engine, name: str) -> tuple[str, str]:
    """Where a document is found, and its text."""
    id_ = next(one.id for one in engine.documents() if one.path.name == name)
    return f"/v1/documents/{id_}", engine.text(id_)


def span(text: str, words: str) -> dict[str, int]:
    start = text.index(words)
    return {"start": start, "end": start + len(words)}


# Outline


def test_headings_are_told_with_their_places(client: TestClient, engine: Engine) -> None:
    path, text = named(engine, "rice.md")
    outline = got(client, f"{path}/outline")
    assert [(one["level"], one["title"]) for one in outline["headings"]] == [
        (1, "Rice"),
        (2, "Methods"),
        (1, "Wheat"),
    ]
    for one in outline["headings"]:
        assert text[one["start"] :].lstrip("# ").startswith(one["title"])
    assert (outline["length"], outline["pages"], outline["slides"]) == (len(text), [], [])


def test_pages_are_told_of_a_pdf_and_slides_of_a_presentation(
    client: TestClient, engine: Engine
) -> None:
    path, text = named(engine, "harbour.pdf")
    outline = got(client, f"{path}/outline")
    begun = [text[one["start"] :].lstrip() for one in outline["pages"]]
    assert [one["number"] for one in outline["pages"]] == [1, 2, 3]
    for page, lines in zip(begun, PAGES, strict=True):
        assert page.startswith(lines)  # a turned page is read from its other end
    assert outline["slides"] == []
    path, _ = named(engine, "steps.pptx")
    assert [one["number"] for one in got(client, f"{path}/outline")["slides"]] == [1, 2]


# Words on a page


def dark(client: TestClient, path: str, number: int) -> np.ndarray[Any, Any]:
    """Where a page's picture is dark: [height, width]."""
    picture = client.get(f"{path}/pages/{number}.png", params={"width": 1000}).content
    return np.asarray(Image.open(io.BytesIO(picture)).convert("L")) < DARK


def covered(boxes: list[dict[str, float]], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """What of a picture lies in boxes, a pixel around them included."""
    height, width = shape
    inside = np.zeros(shape, dtype=bool)
    for box in boxes:
        rows = slice(int(box["top"] * height) - 1, int(box["bottom"] * height) + 2)
        inside[rows, int(box["left"] * width) - 1 : int(box["right"] * width) + 2] = True
    return inside


@pytest.mark.parametrize("number", [1, 2, 3], ids=["plain", "turned", "cut"])
def test_boxes_lie_on_the_words_in_the_picture(
    client: TestClient, engine: Engine, number: int
) -> None:
    path, text = named(engine, "harbour.pdf")
    ink = dark(client, path, number)
    whole = got(client, f"{path}/pages/{number}/boxes", start=0, end=len(text))
    assert whole["width"] / whole["height"] == pytest.approx(ink.shape[1] / ink.shape[0], rel=0.01)
    inside = covered(whole["boxes"], ink.shape)
    assert ink.any()
    assert not (ink & ~inside).any()
    assert inside.mean() < 0.1

    first = got(client, f"{path}/pages/{number}/boxes", **span(text, PAGES[number - 1][0]))
    assert len(first["boxes"]) == 1
    lit = ink & covered(first["boxes"], ink.shape)
    expected = ink.sum() if number == 3 else ink.sum() / len(PAGES[number - 1])
    assert lit.sum() == pytest.approx(expected, rel=0.25)


@pytest.mark.parametrize("number", [1, 2, 3], ids=["plain", "turned", "cut"])
def test_each_word_of_a_page_has_a_box_of_its_own(
    client: TestClient, engine: Engine, number: int
) -> None:
    path, text = named(engine, "harbour.pdf")
    everything = {"start": 0, "end": len(text)}
    asked = f"{path}/pages/{number}/boxes"
    words = got(client, asked, **everything, by="word")["boxes"]
    said = [text[box["start"] : box["end"]] for box in words]
    lines = got(client, asked, **everything)["boxes"]
    assert sorted(text[box["start"] : box["end"]].strip() for box in lines) == sorted(
        PAGES[number - 1]
    )
    assert said == [word for box in lines for word in text[box["start"] : box["end"]].split()]
    for box in words:
        (line,) = (one for one in lines if one["start"] <= box["start"] < one["end"])
        assert box["end"] <= line["end"]
        assert line["left"] - 1e-6 <= box["left"] < box["right"] <= line["right"] + 1e-6
        assert line["top"] - 1e-6 <= box["top"] < box["bottom"] <= line["bottom"] + 1e-6
        alone = got(client, asked, start=box["start"], end=box["end"])["boxes"]
        assert alone == [box]


def test_words_of_another_page_have_no_boxes_here(client: TestClient, engine: Engine) -> None:
    path, text = named(engine, "harbour.pdf")
    for by in ("line", "word"):
        elsewhere = span(text, "The ferry") | {"by": by}
        assert got(client, f"{path}/pages/1/boxes", **elsewhere)["boxes"] == []
    across = {"start": text.index("Nobody"), "end": text.index("ferry") + 5}
    assert [len(got(client, f"{path}/pages/{one}/boxes", **across)["boxes"]) for one in (1, 2, 3)]
    assert got(client, f"{path}/pages/2/boxes", **across)["boxes"]


@pytest.mark.parametrize(
    ("name", "number", "status", "code"),
    [
        ("harbour.pdf", 4, 404, "page-missing"),
        ("rice.md", 1, 415, "not-a-pdf"),
    ],
)
def test_where_there_is_no_such_page_it_says_so(
    client: TestClient, engine: Engine, name: str, number: int, status: int, code: str
) -> None:
    path, _ = named(engine, name)
    sent = {"start": 0, "end": 5}
    told = problem(client, status, "GET", f"{path}/pages/{number}/boxes", params=sent)
    assert told["code"] == code


# Citations of any words


def test_chosen_words_are_cited_verbatim_in_the_passage_they_begin_in(
    client: TestClient, engine: Engine
) -> None:
    path, text = named(engine, "harbour.pdf")
    chosen = span(text, "leave the town.")
    cited = got(client, f"{path}/citation", **chosen)
    assert cited["quote"] == "leave the town."
    assert (cited["start"], cited["end"]) == (chosen["start"], chosen["end"])
    assert cited["selectors"][0]["prefix"].endswith("Nobody could ")
    assert got(client, f"/v1/passages/{cited['id']}")["start"] <= chosen["start"]
    whole = got(client, f"/v1/passages/{cited['id']}")
    assert got(client, f"{path}/citation", start=whole["start"], end=whole["end"]) == whole


def test_the_place_is_that_of_the_words_and_not_of_the_whole_passage(
    client: TestClient, engine: Engine
) -> None:
    path, text = named(engine, "harbour.pdf")
    pages = {
        words: got(client, f"{path}/citation", **span(text, words))["pinpoint"]["locator"]
        for words in ("harbour froze", "ferry was", "ships came")
    }
    assert list(pages.values()) == ["1", "2", "3"]
    start, end = text.index("froze"), text.index("ships")
    assert got(client, f"{path}/citation", start=start, end=end)["pinpoint"]["locator"] == "1-3"
    path, text = named(engine, "rice.md")
    words = got(client, f"{path}/citation", **span(text, "\nThe harvest was brought"))
    assert words["pinpoint"] == {"locator": "9", "label": "line"}
    assert words["locator"]["headings"] == ["Rice", "Methods"]
    assert words["locator"]["paragraph_start"] == 2


def test_a_passage_is_cited_alike_by_its_name_and_by_its_place(engine: Engine) -> None:
    checked = 0
    with closing(Engine(engine.settings)) as again:
        catalog = again.snapshot().catalog
        for document in again.documents():
            with catalog.snapshot() as connection:
                passages = [*records.passages_of(connection, document.id)]
            spans = [(one.start, one.end) for one in passages]
            cited = again.cite_words(document.id, spans)
            for one, passage in zip(cited, passages, strict=True):
                whole = again.cite(passage.public_id)
                assert (one.locator, one.links) == (whole.locator, whole.links)
                assert one.id == whole.id
                checked += 1
    assert checked > 20


@pytest.mark.parametrize("style", ["apa", "chicago-notes", "markdown"])
def test_chosen_words_are_cited_in_a_style(client: TestClient, engine: Engine, style: str) -> None:
    path, text = named(engine, "rice.md")
    chosen = span(text, "flooded in May")
    shown = got(client, f"{path}/citation/formatted", **chosen, style=style)
    id_ = next(one.id for one in engine.documents() if one.path.name == "rice.md")
    (cited,) = engine.cite_words(id_, [(chosen["start"], chosen["end"])])
    styled = citing.as_styled(cited, style)
    assert shown == {"style": style, "in_text": styled.in_text, "text": styled.text}


@pytest.mark.parametrize("more", ["citation", "citation/formatted", "pages/1/boxes"])
@pytest.mark.parametrize(
    ("start", "end"), [(9, 5), (0, 10**9), (5, 5)], ids=["backward", "behind", "empty"]
)
def test_offsets_that_hold_no_words_are_refused(
    client: TestClient, engine: Engine, more: str, start: int, end: int
) -> None:
    path, _ = named(engine, "harbour.pdf")
    sent = {"start": start, "end": end}
    if more.endswith("boxes") and start == end:
        assert got(client, f"{path}/{more}", **sent)["boxes"] == []
        return
    told = problem(client, 422, "GET", f"{path}/{more}", params=sent)
    assert told["code"] == "offsets-invalid"


def test_what_holds_no_words_or_too_many_is_not_cited(client: TestClient, engine: Engine) -> None:
    path, text = named(engine, "rice.md")
    long, _ = named(engine, "long.txt")
    many = {"start": 3, "end": 3 + MOST_CHARACTERS}
    assert len(got(client, f"{long}/citation", **many)["quote"]) == MOST_CHARACTERS
    for where, sent in ((path, span(text, "\n\n")), (long, many | {"start": 2})):
        told = problem(client, 422, "GET", f"{where}/citation", params=sent)
        assert told["code"] == "offsets-invalid"


@pytest.mark.parametrize("more", ["outline", "citation", "citation/formatted", "pages/1/boxes"])
def test_an_unknown_document_is_not_found(client: TestClient, more: str) -> None:
    sent = {} if more == "outline" else {"start": 0, "end": 1}
    told = problem(client, 404, "GET", f"/v1/documents/77/{more}", params=sent)
    assert told["code"] == "document-missing"
