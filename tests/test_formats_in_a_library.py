"""One library of every format: whatever is read is quoted exactly, and located where it stands."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from conftest import add, qa_command, qa_environment
from consistency import check_catalog, check_indexes
from marked_files import FORMATS, Marked, Place, book, markers

from index import records
from index.library import Library
from index.readers import READERS
from index.types import Filters, Passage
from qa import rendering
from qa.engine import Engine
from qa.settings import Settings

SEEDS = (1, 2, 3)
ONE = [(suffix, seed) for suffix in FORMATS for seed in SEEDS]


@pytest.fixture(scope="module")
def made() -> dict[str, Marked]:
    """A file of each format and seed, by name; markers come again in other files."""
    return {f"{seed}{suffix}": FORMATS[suffix](book(100 * seed)) for suffix, seed in ONE}


@pytest.fixture(scope="module")
def engine(
    tmp_path_factory: pytest.TempPathFactory,
    made: dict[str, Marked],
    cache: Path,
    tiny_model: Path,
) -> Iterator[Engine]:
    """An engine whose library holds them all."""
    top = tmp_path_factory.mktemp("formats")
    (top / "folder").mkdir()
    for name, each in made.items():
        (top / "folder" / name).write_bytes(each.data)
    settings = Settings(library=top / "library", cache=cache, device="cpu", model=str(tiny_model))
    with closing(Engine(settings)) as opened:
        report = add(opened, top / "folder")
        assert (len(report.added), report.failed) == (len(ONE), [])
        yield opened


def text_and_passages(engine: Engine, name: str) -> tuple[str, list[Passage]]:
    with closing(Library.open(engine.library)) as opened, opened.catalog.snapshot() as connection:
        document = next(d for d in records.documents(connection) if d.path.name == name)
        text = records.text(connection, document.id)
        assert text is not None
        return text, list(records.passages_of(connection, document.id))


def test_every_format_has_its_file() -> None:
    modules = {READERS["." + suffix.split(".")[1]] for suffix in FORMATS}
    assert modules == set(READERS.values()) - {"harmful"}  # of tests/harmful_readers.py


def test_the_library_is_whole(engine: Engine) -> None:
    check_catalog(engine.library)
    check_indexes(engine.library, every=50)


@pytest.mark.parametrize(("suffix", "seed"), ONE)
def test_passages_are_the_text_in_order_and_in_full(
    engine: Engine, made: dict[str, Marked], suffix: str, seed: int
) -> None:
    text, passages = text_and_passages(engine, f"{seed}{suffix}")
    end = 0
    for passage in passages:
        assert text[passage.start : passage.end] == passage.quote
        assert passage.quote == passage.quote.strip()
        assert not text[end : passage.start].strip()
        assert passage.start >= end
        end = passage.end
    assert not text[end:].strip()
    assert markers(text) == list(made[f"{seed}{suffix}"].places)


@pytest.mark.parametrize(("suffix", "seed"), ONE)
def test_every_passage_says_where_it_begins_and_ends(
    engine: Engine, made: dict[str, Marked], suffix: str, seed: int
) -> None:
    places = made[f"{seed}{suffix}"].places
    for passage in text_and_passages(engine, f"{seed}{suffix}")[1]:
        every = [places[marker] for marker in markers(passage.quote)]
        if not every:  # the column heads of a table, apart from its rows
            assert (passage.locator.row_start, passage.locator.row_end) == (1, 1)
            continue
        heads = suffix in {".csv", ".tsv"} and passage.start == 0
        first, last = every[0], every[-1]
        at = passage.locator
        assert (at.line_start, at.line_end) == (1 if heads else first.line, last.last_line)
        assert (at.row_start, at.row_end) == (1 if heads else first.row, last.row)
        assert (at.page_start, at.page_end) == (first.page, last.page)
        assert (at.page_label_start, at.page_label_end) == (first.label, last.label)
        assert (at.slide_start, at.slide_end) == (first.slide, last.slide)
        assert at.part == first.part == last.part
        prose = [place for place in every if place.paragraph]
        if prose:
            assert at.headings == prose[0].headings
            assert at.paragraph_start == prose[0].paragraph
            assert at.paragraph_end == last_paragraph(prose)


def last_paragraph(prose: list[Place]) -> int:
    """Counted on from the first, past headings."""
    assert prose[0].paragraph
    return prose[0].paragraph + prose[-1].counted - prose[0].counted


def printed(path: str, every: list[Place]) -> str:
    """How people say where a passage stands that goes from the first to the last of these."""
    first, last = every[0], every[-1]
    if first.row:
        return f"{path}, {spoken('row', first.row, last.row)}"
    if first.line:
        return f"{path}:{spoken('', first.line, last.last_line)}"
    if first.page:
        counted = spoken("page", first.page, last.page)
        labelled = spoken("page", first.label, last.label)
        return f"{path}, {labelled}" + ("" if labelled == counted else f" (PDF {counted})")
    if first.slide:
        return f"{path}, slide {first.slide}" + (f", {first.part}" if first.part else "")
    if first.part:
        return f"{path}, {first.part}"
    prose = [place for place in every if place.paragraph]
    heading = f"§ {prose[0].headings[-1]}, " if prose[0].headings else ""
    return f"{path}, {heading}¶ {spoken('', prose[0].paragraph, last_paragraph(prose))}"


def spoken(name: str, first: int | str | None, last: int | str | None) -> str:
    numbers = f"{first}" if first == last else f"{first}-{last}"
    return f"{name}{'s' * (first != last)} {numbers}" if name else numbers


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_marker_is_found_and_its_place_is_said(
    engine: Engine, made: dict[str, Marked], suffix: str
) -> None:
    name = f"1{suffix}"
    places = made[name].places
    for marker in list(places)[:: len(places) // 5]:
        answer = engine.ask(f"Where is {marker}?", 1, Filters(globs=(f"*/{name}",)))
        [found] = answer.passages
        assert marker in markers(found.citation.quote)
        every = [places[one] for one in markers(found.citation.quote)]
        if found.citation.start == 0 and suffix in {".csv", ".tsv"}:
            every.insert(0, Place(row=1))  # the column heads
        assert f"/{printed(name, every)}  score" in rendering.answer_as_text(answer, colour=False)


@pytest.mark.slow
def test_the_command_says_the_place_too(
    engine: Engine, made: dict[str, Marked], cache: Path
) -> None:
    folder = engine.documents()[0].path.parent
    for suffix, wanted in ((".pdf", ", page ii (PDF page 2)  "), (".pptx", ", slide 2  ")):
        places = made[f"1{suffix}"].places
        marker = next(m for m, place in places.items() if place.page == 2 or place.slide == 2)
        asked = subprocess.run(
            qa_command("ask", marker, "-k", "1", "--in", f"1{suffix}"),
            capture_output=True,
            text=True,
            cwd=folder,
            env=qa_environment(engine.library, cache),
            check=True,
        )
        assert asked.stdout.startswith(f"[1] 1{suffix}{wanted}")
