"""Where quotations may come from: phrases in the index, places in documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import MakeEngine, add, write
from hypothesis import given, settings
from hypothesis import strategies as st

from index import records
from index.lexical import LexicalIndex, update
from index.library import Snapshot
from index.types import Document, DocumentId, Filters, Metadata, PassageId
from qa.checking.finding.alikeness import Place, most_alike
from qa.checking.finding.neighbourhoods import best_together
from qa.checking.finding.shingles import Shingles, fragments, phrases, shingles
from qa.checking.finding.sources import Sources
from qa.engine import Engine

DOCUMENT = Document(DocumentId(1), Path("/a.txt"), "", None, Metadata(), 0, 0, 0)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("index")
    texts = ["a red fox ran", "the fox ran off", "a red hen", "off the red roof", "one two"]
    update(folder, [], [(PassageId(n), text) for n, text in enumerate(texts, start=1)])
    return LexicalIndex(folder)


@pytest.fixture(scope="module")
def snapshot(seed_engine: Engine) -> Snapshot:
    return seed_engine.snapshot()


def test_which_phrases_a_passage_holds_is_told_bit_by_bit(index: LexicalIndex) -> None:
    wanted = [[("red",)], [("fox", "ran"), ("red", "hen")], [("ran", "off")], [("no", "such")]]
    assert index.with_phrases(wanted, 10) == {1: 0b011, 2: 0b110, 3: 0b011, 4: 0b001}
    assert index.with_phrases(wanted, 10, [PassageId(4)]) == {4: 0b001}
    assert list(index.with_phrases(wanted, 1)) == [2]  # it holds the last that any holds
    assert index.with_phrases([], 10) == index.with_phrases(wanted, 10, []) == {}


def test_any_of_some_phrases_is_enough(index: LexicalIndex) -> None:
    found = index.with_any_phrase([("red", "fox"), ("fox", "ran")], 10)
    assert [hit.id for hit in found] == [1, 2]
    assert index.with_any_phrase([("fox", "red")], 10) == []
    assert index.with_any_phrase([], 10) == []
    assert index.frequency("red") == 3


def test_shingles_leave_out_what_no_passage_holds(index: LexicalIndex) -> None:
    found = shingles("a red elephant ran off", [None], index)
    assert set(found.forms) == {(("a", "red"),), (("ran", "off"),)}
    assert found.weight(found.all_held) == pytest.approx(sum(found.weights))


def test_a_shingle_counts_once_in_a_neighbourhood() -> None:
    weights = Shingles(((("a",),), (("b",),)), (1.0, 1.5))
    same_twice = {PassageId(10): 0b01, PassageId(11): 0b01}
    both = {PassageId(20): 0b01, PassageId(21): 0b10}
    kept = best_together(same_twice | both, weights, 1)
    assert kept == same_twice | both
    alone = {PassageId(n): 0b01 for n in range(100, 400, 3)}
    kept = best_together(alone | both, weights, 1)
    assert both.items() <= kept.items()
    assert len(kept) < 50


def test_fragments_are_what_stands_between_ellipses() -> None:
    assert [part.strip(" .") for part in fragments("One two (...) three. . . . four […] five")] == [
        "One two",
        "three",
        "four",
        "five",
    ]
    assert phrases("", ["en"]) == [()]


def test_parts_of_texts_and_the_passages_across_them(snapshot: Snapshot) -> None:
    with snapshot.catalog.snapshot() as connection:
        for document in records.documents(connection):
            text = records.text(connection, document.id) or ""
            passages = list(records.passages_of(connection, document.id))
            places = records.places(connection, [passage.id for passage in passages])
            assert places == {one.id: (document.id, one.start, one.end) for one in passages}
            asked = [(document.id, one.start + 3, one.end + 50) for one in reversed(passages)]
            assert records.parts(connection, asked) == [text[a:b] for _, a, b in asked]
            first, last = passages[2], passages[4]
            words = (first.start + 2, last.start + 2)
            found, sentences = records.across(connection, document.id, words)
            assert found == passages[1:6]
            assert all(text[a:b].strip() == text[a:b] for a, b in sentences)
            assert {passage.start for passage in found} <= {start for start, _ in sentences}
            beginning = (passages[0].start, passages[0].start + 1)
            assert records.across(connection, document.id, beginning)[0] == passages[:2]
            like = records.documents_like(connection, Path("/no/such"), document.sha256)
            assert like == records.documents_like(connection, document.path, None) == [document.id]
        assert records.documents_like(connection, Path("/no/such"), None) == []


def test_documents_left_out_are_no_sources(snapshot: Snapshot) -> None:
    words = "had the first meeting with Comrade Kaysone Phomvihane"
    (places,) = Sources(snapshot).holding([words])
    ids = {place.document.id for place in places}
    assert ids
    without = Sources(snapshot, None, ids)
    assert without.holding([words]) == [[]]
    (others,) = without.resembling([words])
    assert ids.isdisjoint(place.document.id for place in others)
    only = Sources(snapshot, Filters(document_ids=tuple(ids)))
    assert only.holding([words]) == [places]
    (alike,) = only.resembling([words + " once"])
    assert {place.document.id for place in alike} <= ids


def test_words_on_both_sides_of_a_passages_end_are_found(
    make_engine: MakeEngine, tiny_model: Path, tmp_path: Path
) -> None:
    """However often each side stands in the library by itself."""
    long = "It goes on about one thing and another for a good while and never stops there. " * 6
    notice = f"{long}This page of the manual is no longer kept up to date by anybody."
    sections = [f"{notice}\n\nOthers tell of part {n}. {long}" for n in range(100)]
    sections += [f"Nothing here. {long}\n\nLions live there, {n}. {long}" for n in range(100)]
    sections[77] = f"{notice}\n\nLions live there too. {long}"
    write(tmp_path / "docs", text="\n\n".join(sections))
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, tmp_path / "docs")
    sources = Sources(engine.snapshot())
    for words in (
        "manual is no longer kept up to date by anybody.\n\nLions",
        "by anybody.\n\nLions live",
        "anybody.\n\nLions live there",
    ):
        assert sources.holding([words]) == [[]]
        (places,) = sources.resembling([words])
        assert any(words in place.text for place in places), words


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_narrowed_place_still_holds_the_words(data: st.DataObject) -> None:
    letters = st.text("abcßİ", min_size=1, max_size=3)
    words = data.draw(st.lists(letters, min_size=40, max_size=200))
    size = data.draw(st.integers(3, 12))
    at = data.draw(st.integers(0, len(words) - size))
    texts = [" ".join(words), " ".join(reversed(words))]
    places = [Place(DOCUMENT, 7, text) for text in texts]
    quoted = [*words[at : at + size // 2], "zzz", *words[at + size // 2 : at + size]]
    found = most_alike(" ".join(quoted), places)
    for place in found:
        assert any(text[place.start - 7 :].startswith(place.text) for text in texts)
    if size > 8:  # all but one
        wanted = r"\s+".join(map(re.escape, words[at : at + size]))
        assert any(re.search(wanted, place.text) for place in found)
