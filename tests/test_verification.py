"""Drafts held against a library of the real seeds."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest
from conftest import SEEDS, MakeEngine, add, write
from quoting import NONSENSE, STYLES, Cut, alterable, altered, blocks, cuts, draft, quotable

from index import records
from index.library import Snapshot
from index.types import Filters
from qa.checking.drafts.draft import draft_of, read_draft
from qa.checking.types import Verdict, Verification, VerifiedQuotation
from qa.checking.verify import verify
from qa.engine import Engine

SAME = {Verdict.EXACT, Verdict.NORMALISED}


@pytest.fixture(scope="module")
def snapshot(seed_engine: Engine) -> Snapshot:
    return seed_engine.snapshot()


@pytest.fixture(scope="module")
def texts(snapshot: Snapshot) -> dict[int, str]:
    """The seeds' canonical texts by document id."""
    with snapshot.catalog.snapshot() as connection:
        found = records.documents(connection)
        return {one.id: records.text(connection, one.id) or "" for one in found}


def checked(snapshot: Snapshot, text: str, markdown: bool = False) -> Verification:
    return verify(snapshot, draft_of(text, markdown))


def only(verification: Verification) -> VerifiedQuotation:
    (quotation,) = verification.quotations
    return quotation


def cut_from(texts: dict[int, str], count: int, seed: int | str) -> list[Cut]:
    return list(cuts(list(texts.values()), count, random.Random(seed)))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("style", [*STYLES, None])
def test_words_cut_from_a_seed_are_exact_at_their_place(
    snapshot: Snapshot, texts: dict[int, str], style: tuple[str, str] | None, line_end: str
) -> None:
    all_cuts = cut_from(texts, 130, f"{style}{line_end}")
    used = [cut for cut in all_cuts if style is None or quotable(cut, style)]
    quoted = [cut.quoted for cut in used]
    text = draft(quoted, style, line_end) if style else blocks(quoted, line_end)
    found = checked(snapshot, text, markdown=style is None).quotations
    outer = {one.start: one for one in found}
    place = 0
    for cut in used:
        place = text.index(cut.quoted, place)
        one = outer[place]
        assert (one.text, text[one.start : one.end]) == (cut.quoted, cut.quoted)
        assert one.verdict is Verdict.EXACT, cut
        assert one.citation
        canonical = texts[one.citation.document.id]
        assert one.citation.quote == cut.quoted
        assert canonical[one.citation.start : one.citation.end] == cut.quoted
        told = {(c.document.id, c.start) for c in (one.citation, *one.elsewhere)}
        there = (list(texts)[cut.document], cut.start)
        assert there in told or canonical.count(cut.quoted) > 1
        place += len(cut.quoted)


@pytest.mark.parametrize("how", ["changed", "dropped", "added", "swapped"])
def test_one_word_altered_is_told_with_what_the_source_has(
    snapshot: Snapshot, texts: dict[int, str], how: str
) -> None:
    rng = random.Random(how)
    used = [cut for cut in cut_from(texts, 260, len(how)) if quotable(cut, STYLES[0])]
    originals = [cut for cut in used if alterable(cut.quoted)]
    quoted = [altered(cut.quoted, how, rng) for cut in originals]
    text = draft(quoted, STYLES[0], "\n")
    found = {one.text: one for one in checked(snapshot, text).quotations}
    assert len(originals) > 150
    right = 0
    for words, cut in zip(quoted, originals, strict=True):
        if any(words in other for other in texts.values()):
            continue  # what is left says the same somewhere else
        one = found[words]
        assert one.verdict is Verdict.ALTERED, (words, cut)
        assert one.citation
        canonical = texts[one.citation.document.id]
        for change in one.changes:
            assert words[change.draft_start : change.draft_end] == change.draft
            assert canonical[change.source_start : change.source_end] == change.source
        assert mended(one).split() == one.citation.quote.split(), (words, one.changes)
        if one.citation.quote.split() == cut.quoted.split():
            right += 1
            assert sum(len(change.draft.split()) for change in one.changes) <= 2
            assert sum(len(change.source.split()) for change in one.changes) <= 2
    assert right > 0.95 * len(originals)  # a few come as near to words elsewhere


def mended(one: VerifiedQuotation) -> str:
    """The quotation with what the source has in place of what was changed."""
    parts, place = [], 0
    for change in one.changes:
        parts += [one.text[place : change.draft_start], f" {change.source} "]
        place = change.draft_end
    return "".join([*parts, one.text[place:]])


def test_invented_quotations_are_not_found(snapshot: Snapshot, texts: dict[int, str]) -> None:
    rng = random.Random(5)
    words = sorted({word for text in texts.values() for word in re.findall(r"[a-zA-Z]+", text)})
    invented = [" ".join(rng.sample(words, rng.randint(5, 20))) for _ in range(150)]
    invented += [" ".join(rng.choices(NONSENSE, k=rng.randint(3, 9))) for _ in range(20)]
    found = checked(snapshot, draft(invented, STYLES[0], "\n")).quotations
    assert [one.text for one in found] == invented
    assert {one.verdict for one in found} == {Verdict.NOT_FOUND}
    assert all(one.changes == () and one.context is None for one in found)


def test_what_was_normalised_is_told_by_rule(snapshot: Snapshot, texts: dict[int, str]) -> None:
    used = [cut for cut in cut_from(texts, 130, 9) if quotable(cut, STYLES[0])]
    for change, rule in (
        (lambda words: words.replace(" ", "  "), "white-space"),
        (lambda words: words[0].swapcase() + words[1:], "first-letter"),
    ):
        quoted = [change(cut.quoted) for cut in used if cut.quoted[0].isalpha()]
        found = checked(snapshot, draft(quoted, STYLES[0], "\n")).quotations
        for one in found:
            if not any(one.text in text for text in texts.values()):
                assert (one.verdict, one.rules) == (Verdict.NORMALISED, (rule,)), one.text


def test_the_nearest_passage_is_told_of_what_is_not_found(seed_engine: Engine) -> None:
    text = "He said: “The party secretaries of both countries ate ice cream in Paris together.”"
    nearest = only(checked(seed_engine.snapshot(), text))
    assert nearest.verdict is Verdict.NOT_FOUND
    assert nearest.citation
    asked = seed_engine.ask("Who visited Pyongyang?").passages[0].citation
    told = verify(seed_engine.snapshot(), draft_of(text, markdown=False), ask=lambda _: asked)
    assert only(told).citation == asked


def test_a_quotation_may_cross_passages(snapshot: Snapshot, texts: dict[int, str]) -> None:
    rng = random.Random(3)
    crossing = []
    for id_, text in texts.items():
        with snapshot.catalog.snapshot() as connection:
            starts = [passage.start for passage in records.passages_of(connection, id_)][1:]
        for start in starts:
            before = re.findall(r"\S+\s+", text[:start])[-rng.randint(1, 12) :]
            after = re.findall(r"\S+\s+", text[start:])[: rng.randint(2, 12)]
            crossing.append("".join(before + after).strip())
    quoted = [words for words in crossing if not set(words) & set('“”"„')]
    text = blocks([words.replace("\n", "\n> ") for words in quoted], "\n")
    found = checked(snapshot, text, markdown=True).quotations
    assert len(found) == len(quoted) > 20
    assert {one.verdict for one in found} <= SAME
    for one, words in zip(found, quoted, strict=True):
        assert one.citation
        assert one.citation.quote.split() == words.split()


def test_words_in_two_documents_are_told_at_both(make_engine: MakeEngine, tmp_path: Path) -> None:
    shared = "The committee agreed that the bridge will open in the spring of next year."
    write(tmp_path / "docs", one=f"First.\n\n{shared}\n", two=f"Something else.\n\n{shared}\n")
    engine = make_engine(tmp_path / "library")
    add(engine, tmp_path / "docs")
    words = "the bridge will open in the spring"
    found = only(checked(engine.snapshot(), f"We read “{words}” twice."))
    assert found.verdict is Verdict.EXACT
    assert found.citation
    assert Path(found.citation.document.path).name == "one.txt"
    assert [Path(one.document.path).name for one in found.elsewhere] == ["two.txt"]
    named = only(checked(engine.snapshot(), f"As two.txt says, “{words}”."))
    assert named.citation
    assert Path(named.citation.document.path).name == "two.txt"
    assert [one.agrees for one in named.attributions] == [True]
    only_one = Filters(paths=(str(tmp_path / "docs" / "two.txt"),))
    filtered = verify(
        engine.snapshot(), draft_of(f"We read “{words}” twice.", markdown=False), 3, only_one
    )
    assert [Path(c.document.path).name for c in (only(filtered).citation,) if c] == ["two.txt"]
    assert only(filtered).elsewhere == ()


def test_an_ellipsis_joins_words_of_one_document(snapshot: Snapshot, texts: dict[int, str]) -> None:
    text = next(iter(texts.values()))
    first = "great President Kim Il Sung had the first meeting with Comrade Kaysone Phomvihane"
    last = "met him several times during his stay"
    assert first in text
    assert last in text
    for dots in ("…", "...", "[…]", "[...]", ". . ."):
        found = only(checked(snapshot, f"It says “{first} {dots} {last}” there."))
        assert found.verdict in SAME, dots
        assert found.citation
        assert found.citation.quote.endswith(last)
        assert text[found.citation.start : found.citation.end] == found.citation.quote
        assert [one.omitted in text for one in found.omissions] == [True]


def test_a_nested_quotation_is_judged_by_itself(snapshot: Snapshot) -> None:
    whole = (
        "is esteemed by the Lao people as “eminent leader of Lao people” and “respected leader” "
        "for having led to victory the anti-U.S. struggle"
    )
    inner = whole.replace("“", "‘").replace("”", "’")
    found = checked(snapshot, f"He “{inner}”, it says.").quotations
    assert [one.verdict for one in found] == [Verdict.NORMALISED, Verdict.EXACT]
    lost = "He “never once called the baker an ‘eminent leader of Lao people’ in his whole life”."
    verdicts = [one.verdict for one in checked(snapshot, lost).quotations]
    assert verdicts == [Verdict.NOT_FOUND, Verdict.EXACT]


def test_a_draft_is_no_source_of_its_own(make_engine: MakeEngine, tmp_path: Path) -> None:
    words = "the anti-U.S. struggle and the socialist construction of the Lao people"
    made_up = "nobody in this village has ever seen such a purple elephant"
    docs = tmp_path / "docs"
    write(docs, draft=f"It was “{words}”.\n\nAnd: “{made_up}”.\n")
    shutil.copy(sorted(SEEDS.glob("*.txt"))[0], docs / "seed.txt")
    shutil.copy(docs / "draft.txt", docs / "copy of the draft.txt")
    engine = make_engine(tmp_path / "library")
    add(engine, docs)
    found = verify(engine.snapshot(), read_draft(docs / "draft.txt")).quotations
    assert [one.verdict for one in found] == [Verdict.EXACT, Verdict.NOT_FOUND]
    cited = [c for one in found for c in (one.citation, *one.elsewhere) if c]
    assert {Path(c.document.path).name for c in cited} <= {"seed.txt"}


def test_an_empty_draft_and_short_quotations(snapshot: Snapshot) -> None:
    assert checked(snapshot, "") == Verification("", snapshot.generation, (), 0)
    assert checked(snapshot, "No quotation at all.").quotations == ()
    short = checked(snapshot, "A “respected leader” he was.")
    assert (short.quotations, short.short) == ((), 1)


def test_numbers_and_places_follow_the_draft(snapshot: Snapshot) -> None:
    text = "# Title\n\nOne “no such words here”.\n\nTwo “none of those words either”.\n"
    found = checked(snapshot, text, markdown=True).quotations
    assert [one.number for one in found] == [1, 2]
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    assert [one.locator.line_start for one in found] == [3, 5]
