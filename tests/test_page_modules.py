"""The page's pure modules, run in the browser: offsets, addresses, parts of long texts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from browser import visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE = "𝒜 letter 🛳 from Việt Nam 🇻🇳 – naïve 👩‍👩‍👧"
"""One, two and more UTF-16 units to a character."""


@pytest.fixture(scope="module")
def modules(browser: Browser, seed_site: str) -> Iterator[Page]:
    with visiting(browser) as page:
        page.goto(f"{seed_site}/verify")
        yield page


def run(page: Page, module: str, body: str, *arguments: Any) -> Any:
    """What a function of a module returns."""
    call = f"([name, ...given]) => import(name).then((module) => (({body})(module, ...given)))"
    return page.evaluate(call, [f"/web/{module}.js", *arguments])


def test_slices_by_code_points_are_pythons(modules: Page) -> None:
    spans = [(a, b) for a in range(len(WIDE) + 1) for b in range(a, len(WIDE) + 1)]
    body = "({ slice }, text, spans) => spans.map(([start, end]) => slice(text, start, end))"
    assert run(modules, "offsets", body, WIDE, spans) == [WIDE[a:b] for a, b in spans]


def test_places_in_a_string_are_counted_in_code_points(modules: Page) -> None:
    body = "({ codePoints, unitsAt }, text) => [codePoints(text), codePoints(text.slice(0, unitsAt(text, 12)))]"
    assert run(modules, "offsets", body, WIDE) == [len(WIDE), 12]


def test_marked_pieces_are_the_whole_text_and_bear_their_marks(modules: Page) -> None:
    numbers = random.Random(7)
    for _ in range(20):
        start = numbers.randrange(100)
        marks = [
            {"start": a, "end": a + numbers.randrange(20), "name": name}
            for name in "abc"
            for a in [start + numbers.randrange(-10, len(WIDE))]
        ]
        body = "({ pieces }, text, start, marks) => pieces(text, start, marks)"
        pieces = run(modules, "offsets", body, WIDE, start, marks)
        assert "".join(one["text"] for one in pieces) == WIDE
        for one in pieces:
            span = range(one["start"], one["start"] + len(one["text"]))
            assert one["text"] == WIDE[span.start - start : span.stop - start]
            for at in span:
                over = [mark["name"] for mark in marks if mark["start"] <= at < mark["end"]]
                assert [mark["name"] for mark in one["marks"]] == over


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?q=To+Lam&language=en&path=%2Fa+b.txt&from=2025-01-01&limit=10",
        "/?q=x#document=3&c=10-20",
        "/?q=x#document=3",
        "/documents/3",
        "/documents/3#c=10-20",
        "/library",
    ],
)
def test_an_address_is_read_and_written_alike(modules: Page, address: str) -> None:
    assert (
        run(modules, "address", "(module, href) => module.written(module.parsed(href))", address)
        == address
    )


@pytest.mark.parametrize(
    "hash_", ["c=20-10", "c=x", "c=1-", "c=-5-3", "", "c=99999999999999999999-1"]
)
def test_what_is_no_span_opens_the_document_alone(modules: Page, hash_: str) -> None:
    body = "(module, href) => module.parsed(href).place"
    place = run(modules, "address", body, f"/documents/3#{hash_}")
    assert place == {"document": 3, "start": None, "end": None}


def test_dates_that_are_none_filter_nothing(modules: Page) -> None:
    body = "(module, query) => module.body(module.read(new URLSearchParams(query)))"
    asked = run(modules, "filters", body, "q=+x+&from=yesterday&to=2025-02-03&limit=9999&language=")
    assert asked["question"] == "x"
    assert asked["limit"] == 100
    assert asked["filters"] == {
        "language": [],
        "path": [],
        "date_from": None,
        "date_to": "2025-02-03",
    }


TEXTS = {
    "paragraphs": "".join(f"Paragraph {n} 🛳 of some words.\n\n" for n in range(2500)),
    "one line": "word 𝒜 " * 9000,
    "no space": "𝒜b" * 20_000,
    "short": "Só.",
}


@pytest.mark.parametrize("name", TEXTS)
def test_parts_of_a_long_text_follow_one_another(modules: Page, name: str) -> None:
    text = TEXTS[name]
    body = """({ part, partsOf, partAt, PART }, text, length) => import("/web/offsets.js").then(({ slice }) =>
      Array.from({ length: partsOf(length) }, (_, number) =>
        part(slice(text, number * PART, number * PART + PART + 3000), number, length)))"""
    parts = run(modules, "text_parts", body, text, len(text))
    assert "".join(one["text"] for one in parts) == text
    at = 0
    for one in parts:
        assert one["start"] == at
        at += len(one["text"])


def test_paragraphs_stand_where_they_say(modules: Page) -> None:
    text = "  One 🛳\nline.\n\n\n \nTwo 𝒜.\r\n\r\nThree.\n\n"
    body = "({ paragraphs }, text) => paragraphs({ start: 100, text })"
    found = run(modules, "text_parts", body, text)
    assert [one["text"] for one in found] == ["One 🛳\nline.", "Two 𝒜.", "Three."]
    for one in found:
        at = one["start"] - 100
        assert text[at : at + len(one["text"])] == one["text"]


def test_what_modules_scroll_does_not_glide_where_motion_is_not_wanted(modules: Page) -> None:
    said = []
    for wanted in ("no-preference", "reduce"):
        modules.emulate_media(reduced_motion=wanted)
        said.append(run(modules, "motion", "({ scrolling }) => scrolling()"))
    assert said == ["smooth", "instant"]


def test_a_page_whose_number_has_a_hyphen_is_one_page(modules: Page) -> None:
    locator = {"page_label_start": "A-3", "page_label_end": "A-3", "headings": []}
    citation = {"locator": locator, "pinpoint": {"label": "page", "locator": "A-3"}}
    said = run(modules, "sources", "({ placeText }, citation) => placeText(citation)", citation)
    assert said == "page A-3"
