"""Ellipses and [brackets] in a quotation: what they stand for, and whether that is honest."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from qa.checking.comparing.compare import compare
from qa.checking.types import Comparison, Insertion, Omission, Verdict

SEEDS = [path.read_text() for path in sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))]

SOURCE = (
    "The year 2025 also marks the 50th anniversary of ties between both. The minister did not "
    "visit if the harvest was good, but he walked home with three friends on Thursday; he was "
    "happy. The big bad wolf came."
)


def only_omission(found: Comparison) -> Omission:
    assert len(found.omissions) == 1
    return found.omissions[0]


def only_insertion(found: Comparison) -> Insertion:
    assert len(found.insertions) == 1
    return found.insertions[0]


@pytest.mark.parametrize("mark", ["…", "...", ". . .", "[…]", "[...]", "(…)", "(...)", "[. . .]"])
def test_every_ellipsis_stands_for_the_words_left_out(mark: str) -> None:
    quoted = f"The year 2025 {mark} ties between both"
    found = compare(quoted, SOURCE)
    omission = only_omission(found)
    assert found.verdict is Verdict.EXACT
    assert quoted[omission.start : omission.end] == mark
    assert omission.omitted == "also marks the 50th anniversary of"
    assert (omission.honest, omission.reason) == (True, None)
    assert SOURCE[found.start : found.end].endswith("ties between both")


@pytest.mark.parametrize(
    ("quoted", "reason"),
    [
        ("The minister did … visit", "leaves out the negation “not”"),
        ("did not visit … he walked", "leaves out the condition or doubt “if”"),
        ("the harvest was good … walked home", "leaves out the contrast “but”"),
        ("did … visit if the harvest … walked home", "leaves out the negation “not”"),
    ],
)
def test_leaving_out_what_turns_the_meaning_is_told(quoted: str, reason: str) -> None:
    found = compare(quoted, SOURCE)
    assert found.verdict is Verdict.EXACT
    assert (found.omissions[0].honest, found.omissions[0].reason) == (False, reason)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("Der Minister hat die Reise nie ernsthaft geplant, sagte er.", "nie"),
        ("Le ministre ne voyage jamais sans sa femme, disait-il.", "ne"),
        ("Chúng tôi sẽ không bao giờ rời khỏi nơi này.", "không"),
        ("Ông nói các bạn đừng bao giờ rời khỏi nơi này.", "đừng"),
        ("He left the house without a word of thanks to us.", "without"),
        ("They didn't ever ask anybody for any help at all.", "didn't"),
    ],
)
def test_negations_are_known_in_four_languages(source: str, word: str) -> None:
    before, after = source.split(f" {word} ") if f" {word} " in source else source.split(word)
    omission = only_omission(compare(f"{before.strip()} […] {after.strip()}", source))
    assert omission.reason == f"leaves out the negation “{word}”"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_parts_far_apart_are_told(line_end: str) -> None:
    source = f"It began so.\n\n{'One word more. ' * 10}\n\nAnd two more.\n\nIt ended so."
    source = source.replace("\n", line_end)
    assert only_omission(compare("It began so … It ended so", source)).reason == (
        "the parts stand more than one paragraph apart"
    )
    long = f"It began so. {'Word ' * 101}It ended so."
    assert only_omission(compare("It began so … It ended so", long)).reason == (
        "leaves out 101 words"
    )


def test_parts_in_another_order_are_altered() -> None:
    found = compare("ties between both … The year 2025", SOURCE)
    assert found.verdict is Verdict.ALTERED
    assert [change.source for change in found.changes] == ["The year 2025", "ties between both"]
    assert only_omission(found).reason == "the parts stand in another order"


def test_a_word_altered_beside_an_ellipsis_is_altered() -> None:
    found = compare("The year 2025 also notes the 50th […] ties between both", SOURCE)
    assert found.verdict is Verdict.ALTERED
    assert [(change.draft, change.source) for change in found.changes] == [("notes", "marks")]
    assert only_omission(found).omitted == "anniversary of"


def test_an_ellipsis_at_an_end_leaves_nothing_out() -> None:
    found = compare("… the 50th anniversary of ties …", SOURCE)
    assert found.verdict is Verdict.EXACT
    assert [(one.omitted, one.honest) for one in found.omissions] == [("", True)] * 2


def test_a_stop_may_stand_before_an_ellipsis() -> None:
    assert compare("The year 2025. … The minister did not", SOURCE).rules == ("final-punctuation",)
    assert compare("The year 2025.... The minister did not", SOURCE).verdict in {Verdict.NORMALISED}


def test_the_first_letter_after_an_ellipsis_is_the_source_s() -> None:
    assert compare("The year 2025 … Ties between both", SOURCE).verdict is Verdict.ALTERED


def test_an_ellipsis_and_brackets_of_the_source_are_ordinary_text() -> None:
    source = "He said … no [to] it, and then he left the house."
    assert compare("said … no [to] it", source) == Comparison(Verdict.EXACT, 3, 20, 1.0)
    assert compare("said ... no [to] it", source).rules == ("ellipsis-character",)
    found = compare("said … no [to] it … left the house", source)
    assert (found.verdict, found.insertions) == (Verdict.EXACT, ())
    assert only_omission(found).omitted == ", and then he"


@pytest.mark.parametrize(
    ("quoted", "inserted", "replaced"),
    [
        ("[t]he year 2025 also", "t", "T"),
        ("[The] year 2025 also", "The", "The"),
        ("[This] year 2025 also", "This", ""),
        ("The [current] year 2025 also", "current", ""),
        ("[the minister] walked home with", "the minister", ""),
        ("but [the minister] walked home with", "the minister", "he"),
        ("he walk[s] home with", "s", "ed"),
        ("with three friend[s]", "s", "s"),
        ("The big [sic] bad wolf", "sic", ""),
        ("The big (sic) bad wolf", "sic", ""),
        ("The big bad wolf came [emphasis added]", "emphasis added", ""),
        (
            "The big bad wolf came [emphasis not in the original].",
            "emphasis not in the original",
            "",
        ),
    ],
)
def test_honest_brackets_leave_the_verdict_as_it_is(
    quoted: str, inserted: str, replaced: str
) -> None:
    found = compare(quoted, SOURCE)
    insertion = only_insertion(found)
    assert found.verdict is Verdict.EXACT
    assert (insertion.inserted, insertion.replaced) == (inserted, replaced)
    assert quoted[insertion.start : insertion.end][1:-1] == inserted
    assert (insertion.honest, insertion.reason) == (True, None)


@pytest.mark.parametrize(
    ("quoted", "reason"),
    [
        ("walked home with [some] friends", "replaces the number “three”"),
        ("The year [1999] also marks", "puts in the number “1999”"),
        ("The minister did [certainly] visit", "replaces the negation “not”"),
        ("he walked home [without money] with three", "puts in the negation “without”"),
        ("he was [un]happy", "puts in the negation “un”"),
        ("The minister did n[ow] visit", "replaces the negation “not”"),
        ("The minister did n[ot] visit", None),
        ("The year [1,999.5] also marks", "puts in the number “1,999.5”"),
        ("not visit [when] the harvest", "replaces the condition or doubt “if”"),
        ("The year [went by]. The minister did", "replaces the number “2025”"),
        ("The minister [left] with three friends", "replaces the negation “not”"),
        ("but he [flew] happy", "replaces the number “three”"),
        ("of ties between [them] did not visit", None),
    ],
)
def test_brackets_that_turn_the_meaning_are_told(quoted: str, reason: str | None) -> None:
    found = compare(quoted, SOURCE)
    assert found.verdict in {Verdict.EXACT, Verdict.NORMALISED}
    assert only_insertion(found).reason == reason


def test_a_remark_hides_no_words() -> None:
    found = compare("The big [sic] wolf came", SOURCE)
    assert found.verdict is Verdict.ALTERED
    assert [(change.draft, change.source) for change in found.changes] == [("", "bad")]


def test_brackets_do_not_excuse_other_words() -> None:
    found = compare("[T]he year 2025 also notes the 50th", SOURCE)
    assert found.verdict is Verdict.ALTERED
    assert [change.draft for change in found.changes] == ["notes"]
    cut = compare("[He] alked home with three", SOURCE)
    assert cut.verdict is not Verdict.EXACT


def test_words_left_out_of_any_seed_are_told_verbatim() -> None:
    chance = random.Random(6)
    for _ in range(400):
        source = chance.choice(SEEDS)
        words = list(re.finditer(r"\S+", source))
        first = chance.randrange(len(words) - 40)
        one, two, last = sorted(chance.sample(range(first + 5, first + 40), 3))
        if two - one < 2 or last - two < 5:
            continue
        start, left = words[first].start(), words[one].end()
        right, end = words[two].start(), words[last].end()
        quoted = f"{source[start:left]} […] {source[right:end]}"
        found = compare(quoted, source)
        assert (found.verdict, found.start, found.end) == (Verdict.EXACT, start, end), quoted
        assert only_omission(found).omitted == source[left:right].strip()


def test_a_word_altered_in_a_part_of_any_seed_is_altered() -> None:
    chance = random.Random(7)
    for _ in range(300):
        source = chance.choice(SEEDS)
        words = re.findall(r"\S+", source)
        first = chance.randrange(len(words) - 40)
        quoted = [*words[first : first + 12], "…", *words[first + 20 : first + 32]]
        at = chance.choice([place for place in range(25) if place != 12])
        if not quoted[at].isalpha():
            continue
        was, quoted[at] = quoted[at], "zebrafish"
        found = compare(" ".join(quoted), source)
        assert found.verdict is Verdict.ALTERED
        assert [change.draft for change in found.changes] == ["zebrafish"]
        assert found.changes[0].source in {was, ""}


def test_a_quotation_of_nothing_but_ellipses_takes_no_time() -> None:
    found = compare("the … " * 3000 + "end", SOURCE)
    assert found.verdict in {Verdict.ALTERED, Verdict.NOT_FOUND}
