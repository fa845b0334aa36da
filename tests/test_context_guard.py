from __future__ import annotations

import pytest
from conftest import SEEDS
from hypothesis import example, given
from hypothesis import strategies as st

from index.segment import paragraphs
from index.sentences import SentenceSplitter
from index.types import Span, Stretch
from qa.context import guard, guard_in
from qa.types import Context

SPLITTER = SentenceSplitter()


def sentences_of(text: str) -> list[Span]:
    return [span for part in paragraphs(text) for span in SPLITTER.split(text, part)]


def around(text: str, words: str) -> Context | None:
    start = text.index(words)
    return guard(text, start, start + len(words), sentences_of(text))


def reasons(text: str, words: str) -> list[tuple[str, str, str]]:
    context = around(text, words)
    found = context.reasons if context else ()
    return [(reason.kind, reason.where, reason.words) for reason in found]


def seed(number: str) -> str:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("It is not true that the dam has failed.", "the dam has failed", "It is not true that"),
        ("Es ist nicht wahr, dass der Damm brach.", "der Damm brach", "Es ist nicht wahr"),
        ("Il n'est pas vrai que la digue a cédé.", "la digue a cédé", "Il n'est pas vrai que"),
        ("Không phải là con đập đã vỡ.", "con đập đã vỡ", "Không phải là"),
        ("The dam has failed, which isn't so.", "The dam has failed", "which isn't so"),
    ],
)
def test_a_negation_in_the_rest_of_the_sentence_is_told(text: str, words: str, reason: str) -> None:
    assert [(kind, shown) for kind, _, shown in reasons(text, words)] == [("negation", reason)]


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("If it rains, the dam will fail.", "the dam will fail", "If it rains"),
        ("The dam will fail if it rains.", "The dam will fail", "if it rains"),
        ("Vielleicht wird der Damm brechen.", "wird der Damm brechen", "Vielleicht"),
        ("Der Damm bricht, wenn es regnet.", "Der Damm bricht", "wenn es regnet"),
        ("La digue cédera s'il pleut.", "La digue cédera", "s'il pleut"),
        ("Có lẽ con đập sẽ vỡ.", "con đập sẽ vỡ", "Có lẽ"),
        ("Reportedly, the dam has failed.", "the dam has failed", "Reportedly"),
    ],
)
def test_a_hedge_or_a_condition_in_the_rest_is_told(text: str, words: str, reason: str) -> None:
    assert [(kind, shown) for kind, _, shown in reasons(text, words)] == [("hedge", reason)]


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("Ana Diaz said that the dam failed.", "the dam failed", "Ana Diaz said that"),
        ("The dam failed, said Ana Diaz.", "The dam failed", "said Ana Diaz"),
        ("“The dam failed,” the engineer stressed.", "The dam failed", "the engineer stressed"),
        ("According to Diaz, the dam failed.", "the dam failed", "According to Diaz"),
        ("She put it so: “The dam failed.”", "The dam failed", "She put it so"),
        ("„Der Damm brach“, sagte Diaz.", "Der Damm brach", "sagte Diaz"),
        ("Laut Ministerin Diaz brach der Damm.", "brach der Damm", "Laut Ministerin Diaz"),
        ("Selon Mme Diaz, la digue a cédé.", "la digue a cédé", "Selon Mme Diaz"),
        ("Bà Diaz cho biết con đập đã vỡ.", "con đập đã vỡ", "Bà Diaz cho biết"),
    ],
)
def test_words_told_as_somebodys_are_told(text: str, words: str, reason: str) -> None:
    assert [(kind, shown) for kind, _, shown in reasons(text, words)] == [("reported", reason)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The dam failed. This is not true.", ("negation", "after", "This is not true")),
        ("The dam failed. No, it did not.", ("negation", "after", "No")),
        ("The dam failed. Officials denied this.", ("negation", "after", "Officials denied this")),
        ("The dam failed. Das stimmt nicht.", ("negation", "after", "Das stimmt nicht")),
        ("La digue The dam failed. C'est faux.", ("negation", "after", "C'est faux")),
        ("The dam failed. Điều này không đúng.", ("negation", "after", "Điều này không đúng")),
        ("The dam failed. However, few saw it.", ("contrast", "after", "However")),
        ("The dam failed. Tuy nhiên, ít ai thấy.", ("contrast", "after", "Tuy nhiên")),
        ("The dam failed. Doch niemand sah es.", ("contrast", "after", "Doch niemand sah es")),
        ("The dam failed. It is unclear how.", ("hedge", "after", "It is unclear how")),
        (
            "It is not true to say:\n\nThe dam failed.",
            ("negation", "before", "It is not true to say"),
        ),
        ("The engineer wrote:\n\nThe dam failed.", ("reported", "before", "The engineer wrote")),
    ],
)
def test_neighbouring_sentences_that_turn_the_words_are_told(
    text: str, reason: tuple[str, str, str]
) -> None:
    assert reason in reasons(text, "The dam failed")


@pytest.mark.parametrize(
    "text",
    [
        "The dam failed. No one was hurt.",
        "The dam failed. It rained on. However, that is another story.",
        "The dam failed. Notable floods followed.",
        "It had rained. The dam failed. The valley was empty.",
        "The dam failed in May 1950.",
        "See No. 5: The dam failed.",
        "Not only in spring The dam failed.",
        "Pupils are admitted on The dam failed.",
        "Ngành may mặc The dam failed.",
    ],
)
def test_what_leaves_the_words_as_they_are_is_not_told(text: str) -> None:
    assert reasons(text, "The dam failed") == []


def test_a_cue_is_a_word_and_no_part_of_one() -> None:
    assert reasons("The nothingness of Knotty maybes The dam failed.", "The dam failed") == []


def test_a_statement_that_stops_short_is_cut() -> None:
    text = "The old dam above the valley failed in spring and was mended by the autumn."
    words = "The old dam above the valley failed in spring"
    assert reasons(text, words) == [("cut", "after", "and was mended by the autumn.")]


def test_a_statement_that_begins_late_is_cut() -> None:
    text = "In the spring of that year Ana Diaz saw the old dam above the valley fail."
    words = "Ana Diaz saw the old dam above the valley fail."
    assert reasons(text, words) == [("cut", "before", "In the spring of that year")]


def test_a_phrase_within_a_sentence_is_not_called_cut() -> None:
    text = "The old dam above the valley failed in spring and was mended by the autumn."
    assert reasons(text, "above the valley failed") == []


def test_a_sentence_cut_for_its_length_is_one_sentence_again() -> None:
    text = "It is not the case that the dam failed in spring"
    middle = text.index("the dam")
    context = guard(text, middle, len(text), [(0, middle - 1), (middle, len(text))])
    assert context is not None
    assert [reason.kind for reason in context.reasons] == ["negation"]
    assert context.before is not None
    assert context.before.quote == "It is not the case that"


def test_words_within_a_longer_quotation_are_reported() -> None:
    text = "Diaz rose. “It rained for days. The dam failed. We fled,” the engineer ended."
    assert reasons(text, "The dam failed.") == [("reported", "before", "“It rained for days.")]


def test_both_neighbours_are_shown_with_offsets_in_the_canonical_text() -> None:
    text = "It rained. The dam failed. However, few saw it."
    spans = sentences_of(text)
    start = text.index("The dam")
    context = guard(text, start, start + 15, spans, offset=100)
    assert context is not None
    assert context.before is not None
    assert (context.before.start, context.before.end) == (100, 110)
    assert context.after is not None
    assert context.after.quote == "However, few saw it."
    stretch = Stretch(100, text, tuple((a + 100, b + 100) for a, b in spans))
    assert guard_in(stretch, start + 100, start + 115) == context


def test_seeds_words_told_by_the_ambassador_are_reported() -> None:
    assert reasons(seed("002"), "75 years have passed") == [
        ("reported", "before", "Ambassador Le Ba Vinh said that")
    ]
    assert [
        kind for kind, *_ in reasons(seed("002"), "the visit will be a significant milestone")
    ] == ["reported"]
    assert reasons(seed("003"), "there have been many clear examples")[0][:2] == (
        "negation",
        "after",
    )


def test_few_whole_sentences_of_the_seeds_get_a_warning() -> None:
    warned = total = 0
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        spans = sentences_of(text)
        warned += sum(guard(text, start, end, spans) is not None for start, end in spans)
        total += len(spans)
    assert total > 100
    assert warned <= 0.05 * total


texts = st.text(
    st.sampled_from("aA .,:;!?“”\"'’\n\r\té\u0301không") | st.characters(codec="utf-8"), max_size=60
)
pieces = st.lists(
    texts
    | st.sampled_from(
        ["It is not ", "However, ", "he said ", "If ", "N'", "laut Ana ", "“", "”. ", "No, ", "…: "]
    ),
    max_size=12,
).map("".join)


@given(pieces, st.integers(-5, 200), st.integers(-5, 200), st.integers(0, 10_000))
@example("It is not so: The dam. However, no.", 14, 22, 7)
def test_every_reason_stands_verbatim_beside_the_words(
    text: str, start: int, end: int, offset: int
) -> None:
    context = guard(text, start, end, sentences_of(text), offset=offset)
    if context is None:
        return
    for shown in filter(None, (context.before, context.after)):
        assert text[shown.start - offset : shown.end - offset] == shown.quote
    for reason in context.reasons:
        shown_there = context.before if reason.where == "before" else context.after
        assert reason.words
        assert shown_there is not None
        assert reason.words in shown_there.quote


@given(pieces, st.lists(st.tuples(st.integers(-9, 99), st.integers(-9, 99)), max_size=6))
def test_wrong_sentences_do_no_harm(text: str, spans: list[Span]) -> None:
    guard(text, 0, len(text) // 2, sorted(spans))
