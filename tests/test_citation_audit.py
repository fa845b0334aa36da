"""Saved citations are held against a library whose files have changed since."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from cited_folder import Made, Span, Writer, folder, rework, write_all
from conftest import MakeEngine, add, write
from hypothesis import given
from hypothesis import strategies as st

from qa.checking.auditing.audit import Audited, AuditVerdict
from qa.checking.auditing.audit_report import as_json, as_text, shown
from qa.checking.auditing.documents import Documents
from qa.checking.auditing.occurrences import agreement, best_occurrence
from qa.citation import cite
from qa.citing.saved import SavedCitation, read_saved
from qa.engine import Engine
from qa.settings import Settings
from qa.types import Citation

FILES, CITATIONS, SEED = 54, 500, 1912


@dataclass(frozen=True)
class Cited:
    """A span of a document, as it was when it was cited."""

    document: Made
    span: Span
    path: Path
    start: int

    @property
    def said(self) -> str:
        return self.document.said[self.span]


@dataclass(frozen=True)
class Truth:
    """What is to be said of a citation, and where its words may be said to stand."""

    verdict: str
    places: frozenset[tuple[Path, int]] = frozenset()


@dataclass(frozen=True)
class Reworked:
    """A library whose files have all been reworked since words were cited."""

    engine: Engine
    root: Path
    before: list[Audited]
    """When the files had changed and the library had not."""
    after: list[Audited]
    cited: list[Cited]
    left: list[Made]
    original: dict[Path, bytes]


@pytest.fixture(scope="module")
def reworked(
    tmp_path_factory: pytest.TempPathFactory, cache: Path, tiny_model: Path
) -> Iterator[Reworked]:
    root = tmp_path_factory.mktemp("cited")
    chance = random.Random(SEED)
    made = folder(root, FILES, chance)
    write_all(root, made)
    settings = Settings(
        library=tmp_path_factory.mktemp("library") / "l",
        cache=cache,
        device="cpu",
        model=str(tiny_model),
    )
    with closing(Engine(settings)) as engine:
        add(engine, root)
        everything = [
            Cited(document, span, document.path, document.start(span))
            for document in made
            for span in document.spans()
        ]
        cited = chance.sample(everything, CITATIONS)
        saved = saved_by_json(root.parent, citations(engine, cited))
        original = {document.path: document.was for document in made}
        left, restored = rework(made, Writer(chance))
        write_all(root, [document for document in left if document not in restored])
        before = engine.audit(saved)
        add(engine, root)
        write_all(root, left)
        add(engine, root)
        yield Reworked(engine, root, before, engine.audit(saved), cited, left, original)


def citations(engine: Engine, cited: Sequence[Cited]) -> list[Citation]:
    """The citations of spans, as the engine makes them."""
    documents = Documents(engine.snapshot())
    return [
        citation_of(documents, str(one.path), one.start, one.start + len(one.said)) for one in cited
    ]


def citation_of(documents: Documents, path: str, start: int, end: int) -> Citation:
    document = documents.at(path)
    assert document
    placed = documents.placed(document, (start, end))
    assert placed
    return cite(placed, (start, end))


def saved_by_json(folder_: Path, cited: Sequence[Citation]) -> list[SavedCitation]:
    path = folder_ / "saved.json"
    path.write_text(json.dumps([{"citation": asdict(one)} for one in cited]), encoding="utf-8")
    return read_saved(path)


def truth(cited: Cited, left: Sequence[Made]) -> Truth:
    """What became of a span, by where it is and what was done to it."""
    same = [(d.path, cited.start) for d in left if d.file() == cited.document.was]
    if same:
        return Truth("intact", frozenset(same))
    holding = [
        (document.path, document.start(span))
        for document in left
        for span in document.spans()
        if span in {cited.span, cited.span.twin} and span.text == cited.said
    ]
    here = [place for place in holding if place[0] == cited.path]
    if here:
        return Truth("intact" if here[0][1] == cited.start else "moved", frozenset(here))
    document = cited.document
    if document in left and cited.span in document.spans() and cited.span.text != cited.said:
        return Truth("changed", frozenset({(document.path, document.start(cited.span))}))
    return Truth("moved", frozenset(holding)) if holding else Truth("gone")


def test_the_made_documents_are_read_as_they_are_made(reworked: Reworked) -> None:
    texts = {one.path: reworked.engine.text(one.id) for one in reworked.engine.documents()}
    assert texts == {one.path: one.canonical() for one in reworked.left}


def test_of_every_citation_the_verdict_is_right(reworked: Reworked) -> None:
    truths = [truth(one, reworked.left) for one in reworked.cited]
    wrong = [
        (expected, str(found.verdict), found.notice, found.saved.path)
        for expected, found in zip(truths, reworked.after, strict=True)
        if found.verdict != expected.verdict
    ]
    assert wrong == []
    counts = Counter(one.verdict for one in truths)
    assert sum(counts.values()) == CITATIONS
    assert min(counts[verdict] for verdict in ("intact", "moved", "changed", "gone")) >= 20


def test_the_new_citation_holds_the_words(reworked: Reworked) -> None:
    texts = {one.path: one.canonical() for one in reworked.left}
    for cited, found in zip(reworked.cited, reworked.after, strict=True):
        expected = truth(cited, reworked.left)
        if expected.verdict == "gone":
            assert found.citation is None
            continue
        new = now(found)
        path = Path(new.document.path)
        assert (path, new.start) in expected.places
        assert texts[path][new.start : new.end] == new.quote
        assert (new.quote == cited.said) == (expected.verdict != "changed")
        assert bool(found.changes) == (expected.verdict == "changed")


def test_what_changed_is_told_word_by_word(reworked: Reworked) -> None:
    texts = {str(one.path): one.canonical() for one in reworked.left}
    changed = [one for one in reworked.after if one.verdict is AuditVerdict.CHANGED]
    for found in changed:
        quote, text = found.saved.quote, texts[now(found).document.path]
        for change in found.changes:
            assert quote[change.draft_start : change.draft_end] == change.draft
            assert text[change.source_start : change.source_end] == change.source
            assert any(word.rstrip(".").endswith("x") for word in change.source.split())


def test_before_a_sync_citations_are_intact_and_stale_files_are_told(reworked: Reworked) -> None:
    at_path = {document.path: document.file() for document in reworked.left}
    for cited, found in zip(reworked.cited, reworked.before, strict=True):
        assert found.verdict is AuditVerdict.INTACT
        on_disk = at_path.get(cited.path)
        if found.file_differs:
            assert on_disk != reworked.original[cited.path]
            assert "has changed since it was indexed" in (found.notice or "")
        elif found.notice:
            assert "cannot be read on disk" in found.notice
        else:
            assert on_disk == reworked.original[cited.path]
    assert sum(one.file_differs for one in reworked.before) > 50
    assert not any(one.file_differs for one in reworked.after)


def test_a_new_library_of_the_same_files_gives_the_same_verdicts(
    reworked: Reworked, make_engine: MakeEngine, tiny_model: Path, tmp_path: Path
) -> None:
    anew = make_engine(tmp_path / "library", model=str(tiny_model))
    add(anew, reworked.root)
    again = anew.audit([one.saved for one in reworked.after])
    assert [one.verdict for one in again] == [one.verdict for one in reworked.after]
    for one, other in zip(again, reworked.after, strict=True):
        assert (one.citation is None) == (other.citation is None)
        if one.citation and other.citation:
            assert one.citation.document.sha256 == other.citation.document.sha256
            assert (one.citation.id, one.citation.start) == (
                other.citation.id,
                other.citation.start,
            )
    current = [one.citation for one in again if one.citation]
    renewed = anew.audit(saved_by_json(tmp_path, current))
    assert {one.verdict for one in renewed} == {AuditVerdict.INTACT}


TEXT = (
    "The town council met on Monday evening. It decided to build a bridge over the river "
    "by the end of 1925. Nobody in the hall raised a hand against the plan that day.\n"
)
BRIDGE = "It decided to build a bridge over the river by the end of 1925."


@pytest.fixture
def library(make_engine: MakeEngine, tiny_model: Path, tmp_path: Path) -> Engine:
    """A library of the documents in the test's folder."""
    write(tmp_path / "docs", town=TEXT, other="Quite another matter was the price of tea in May.\n")
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, tmp_path / "docs")
    return engine


def saved_words(engine: Engine, words: str, name: str = "town") -> SavedCitation:
    """The citation of some words, saved and read back."""
    (document,) = [one for one in engine.documents() if one.path.stem == name]
    start = engine.text(document.id).index(words)
    documents = Documents(engine.snapshot())
    cited = citation_of(documents, str(document.path), start, start + len(words))
    return saved_by_json(document.path.parent.parent, [cited])[0]


def now(found: Audited) -> Citation:
    """Where the words stand now."""
    assert found.citation
    return found.citation


def audited(engine: Engine, folder_: Path, saved: SavedCitation, **texts: str) -> Audited:
    """What became of a citation once the folder has these texts; an empty one is no file."""
    write(folder_, **{name: text for name, text in texts.items() if text})
    for name in (name for name, text in texts.items() if not text):
        (folder_ / f"{name}.txt").unlink()
    add(engine, folder_)
    return engine.audit([saved])[0]


def test_white_space_within_the_words_does_not_change_them(library: Engine, tmp_path: Path) -> None:
    saved = saved_words(library, BRIDGE)
    wrapped = TEXT.replace("a bridge", "a\nbridge")
    found = audited(library, tmp_path / "docs", saved, town=wrapped)
    assert found.verdict is AuditVerdict.INTACT
    assert "White space" in (found.notice or "")
    indented = TEXT.replace("a bridge", "a\n   bridge")
    found = audited(library, tmp_path / "docs", saved, town=indented)
    assert found.verdict is AuditVerdict.MOVED
    assert now(found).quote == BRIDGE.replace("a bridge", "a\n   bridge")


def test_words_altered_where_they_were_cited_are_changed_though_a_reprint_has_them(
    library: Engine, tmp_path: Path
) -> None:
    saved = saved_words(library, BRIDGE)
    found = audited(
        library, tmp_path / "docs", saved, town=TEXT.replace("1925", "1926"), paper=TEXT
    )
    # The paper has the very bytes that were cited: it is the file, and town.txt another one.
    assert found.verdict is AuditVerdict.INTACT
    found = audited(library, tmp_path / "docs", saved, paper=f"Reprinted. {TEXT}")
    assert found.verdict is AuditVerdict.CHANGED
    assert now(found).document.path.endswith("town.txt")
    assert [(one.draft, one.source) for one in found.changes] == [("1925", "1926")]
    assert "paper.txt" in (found.notice or "")
    found = audited(library, tmp_path / "docs", saved, town="")
    assert found.verdict is AuditVerdict.MOVED
    assert now(found).document.path.endswith("paper.txt")


def test_of_several_occurrences_the_one_in_its_old_surroundings_is_taken(
    library: Engine, tmp_path: Path
) -> None:
    saved = saved_words(library, "a hand")
    text = f"{'So it went on. ' * 9}He had a hand in it. {TEXT} With a hand on the rail he left."
    assert abs(text.index("a hand in it") - saved.start) < 30
    found = audited(library, tmp_path / "docs", saved, town=text)
    assert found.verdict is AuditVerdict.MOVED
    assert now(found).start == text.index("a hand against")


def test_without_surroundings_the_nearest_occurrence_is_taken(
    library: Engine, tmp_path: Path
) -> None:
    old = saved_words(library, "the river by the end")
    old = SavedCitation(**asdict(old) | {"prefix": "", "suffix": ""})
    text = f"See the river by the end. {TEXT}".replace("\n", " ") + "See the river by the end."
    found = audited(library, tmp_path / "docs", old, town=text)
    assert now(found).start == text.index("the river by the end of")


def test_a_few_words_that_stand_elsewhere_too_are_not_said_to_have_moved_there(
    library: Engine, tmp_path: Path
) -> None:
    saved = saved_words(library, "the plan")
    found = audited(library, tmp_path / "docs", saved, town="", paper="Of the plan none spoke.")
    assert found.verdict is AuditVerdict.GONE
    assert found.citation is None


def test_part_of_a_longer_word_is_not_the_word(library: Engine, tmp_path: Path) -> None:
    saved = saved_words(library, "end of 1925")
    text = TEXT.replace("the end of 1925", "the weekend of 19250")
    found = audited(library, tmp_path / "docs", saved, town=text)
    assert found.verdict is not AuditVerdict.MOVED
    assert found.verdict is not AuditVerdict.INTACT


def test_a_citation_that_was_tampered_with_is_changed(library: Engine, tmp_path: Path) -> None:
    saved = saved_words(library, BRIDGE)
    for words in (BRIDGE.replace("bridge", "tunnel"), "Nothing of the kind was ever said."):
        forged = SavedCitation(**asdict(saved) | {"quote": words})
        found = library.audit([forged])[0]
        assert found.verdict is AuditVerdict.CHANGED
        assert now(found).quote == BRIDGE
        assert "never had these words" in (found.notice or "")
    elsewhere = SavedCitation(**asdict(saved) | {"start": 9_000, "end": 9_063})
    found = library.audit([elsewhere])[0]
    assert found.verdict is AuditVerdict.MOVED
    assert now(found).quote == BRIDGE
    nowhere = SavedCitation(**asdict(elsewhere) | {"quote": "Nothing of the kind was said."})
    assert library.audit([nowhere])[0].verdict is AuditVerdict.GONE


def test_a_renamed_file_is_named_by_its_new_path(library: Engine, tmp_path: Path) -> None:
    saved = saved_words(library, BRIDGE)
    found = audited(library, tmp_path / "docs", saved, town="", city=TEXT)
    assert found.verdict is AuditVerdict.INTACT
    assert "city.txt" in (found.notice or "")
    assert now(found).document.path.endswith("city.txt")


def test_a_sentence_put_before_changed_words_is_none_of_them(
    library: Engine, tmp_path: Path
) -> None:
    saved = saved_words(library, BRIDGE)
    changed = TEXT.replace("It decided to build", "It was late. It meant to build")
    found = audited(library, tmp_path / "docs", saved, town=changed)
    assert found.verdict is AuditVerdict.CHANGED
    assert now(found).quote == BRIDGE.replace("decided", "meant")
    longer = TEXT.replace("1925.", "next spring at the latest.")
    found = audited(library, tmp_path / "docs", saved, town=longer)
    assert now(found).quote == BRIDGE.replace("1925", "next spring at the latest")
    for change in found.changes:
        assert longer[change.source_start : change.source_end] == change.source


words = st.lists(st.sampled_from(["rain", "fell", "on", "the", "hill,", "sea."]), min_size=1)


@given(words, words, words, st.sampled_from([" ", "\n", "\r\n  ", "\n> "]))
def test_words_are_found_whatever_is_put_around_them(
    before: list[str], quoted: list[str], after: list[str], space: str
) -> None:
    quote = " ".join(quoted)
    cited = " ".join([*before, quote, *after])
    start = len(" ".join(before)) + 1
    saved = SavedCitation(
        None,
        None,
        "",
        "/a",
        "0" * 64,
        start,
        start + len(quote),
        quote,
        cited[max(0, start - 32) : start],
        cited[start + len(quote) :][:32],
    )
    assert best_occurrence(cited, saved) == (start, start + len(quote))
    front = f"Begun anew, they went{space}"
    there = (start + len(front), start + len(front) + len(quote))
    moved = best_occurrence(front + cited, saved)
    assert moved
    assert (front + cited)[slice(*moved)] == quote
    assert agreement(front + cited, moved, saved) >= agreement(front + cited, there, saved)
    wrapped = cited.replace(" ", space.replace("> ", ""))
    found = best_occurrence(wrapped, saved)
    assert found
    assert wrapped[slice(*found)].split() == quoted


def test_hostile_citations_are_audited_like_others(library: Engine, tmp_path: Path) -> None:
    saved = saved_words(library, BRIDGE)
    odd = [
        {"path": "\x00/\x1b[2J"},
        {"path": "../" * 50 + "etc/passwd", "sha256": "0" * 64},
        {"quote": "(.*)+$ [", "sha256": "0" * 64},
        {"quote": "!", "prefix": "\\", "suffix": "(?", "sha256": "0" * 64},
        {"quote": "a " * 9_000, "sha256": "0" * 64},
        {"quote": "東京" * 9_000, "sha256": "0" * 64},
        {"start": 2**31 - 2, "end": 2**31 - 1},
    ]
    found = library.audit([SavedCitation(**asdict(saved) | fields) for fields in odd])
    assert all(one.verdict for one in found)
    assert "\x1b" not in as_text(found)
    assert len(json.loads(as_json(found))) == len(odd)


def test_the_report_tells_places_changes_and_counts(library: Engine, tmp_path: Path) -> None:
    saved = [saved_words(library, BRIDGE), saved_words(library, "The town council")]
    damaged = SavedCitation(**asdict(saved[0]) | {"damage": '"start" is missing'})
    audited(library, tmp_path / "docs", saved[0], town=TEXT.replace("build", "pa\x1bint"))
    found = library.audit([*saved, damaged])
    text = shown(found, "text")
    assert "“build” is now “pa␛int”" in text
    assert '"start" is missing' in text
    assert text.endswith("3 citations: 1 intact, 1 changed, 1 unreadable.")
    listed = json.loads(shown(found, "json"))
    assert [one["verdict"] for one in listed] == ["changed", "intact", "unreadable"]
    assert listed[0]["saved"]["place"] == "/0/citation"
    assert listed[0]["changes"][0]["draft"] == "build"
    path = tmp_path / "audit.json"
    path.write_text(shown(found, "json"), encoding="utf-8")
    assert len(read_saved(path)) == 2
