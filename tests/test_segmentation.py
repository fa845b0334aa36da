from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from conftest import SEEDS
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.segment import (
    HEADING_TOKENS,
    MAX_SENTENCE_CHARACTERS,
    longest_passage,
    looks_like_heading,
    paragraphs,
    segment,
)
from index.sentences import TRAINING_MIN_CHARACTERS, SentenceSplitter, train
from index.types import Segment

SPLITTER = SentenceSplitter()
MAX_TOKENS = 30

texts = st.text(
    st.sampled_from("ab é\u0301Đ。.!? \n\r\t“”\"'#-1,;🙂") | st.characters(codec="utf-8"),
    max_size=400,
)


def words(chunk: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in chunk]


def cut(text: str, max_tokens: int = MAX_TOKENS) -> list[Segment]:
    return segment(text, SPLITTER, words, max_tokens)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in SPLITTER.split(text, (0, len(text)))]


@given(texts)
@example("One.\r\n\r\nTwo.\r\n")
@example("。」。\n\n。")
def test_everything_but_white_space_lies_in_exactly_one_sentence_in_order(text: str) -> None:
    spans = [span for found in cut(text) for span in found.sentences]
    assert all(start < end for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())


@given(texts)
def test_a_passage_begins_with_its_first_sentence_and_ends_with_its_last(text: str) -> None:
    for found in cut(text):
        assert (found.start, found.end) == (found.sentences[0][0], found.sentences[-1][1])
        assert text[found.start : found.end].strip() == text[found.start : found.end]


@given(texts)
@settings(max_examples=50)
def test_no_passage_is_longer_than_the_model_reads(text: str) -> None:
    text = text * 5
    headings = any(looks_like_heading(text_of(text, span)) for span in paragraphs(text))
    most = 7 + HEADING_TOKENS if headings else 7  # a heading comes on top
    for found in cut(text, max_tokens=7):
        assert sum(words([text_of(text, span) for span in found.sentences])) <= most


def text_of(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]]


def test_cutting_is_the_same_every_time() -> None:
    text = (SEEDS / "002_9ea260c9caa6243a.txt").read_text(encoding="utf-8")
    assert cut(text) == cut(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Dr. Smith. They spoke.", ["He met Dr. Smith.", "They spoke."]),
        ("It grew 3.5 percent. Then it fell.", ["It grew 3.5 percent.", "Then it fell."]),
        ("“It is so.” He left.", ["“It is so.”", "He left."]),
        ("« C’est vrai. » Il partit.", ["« C’est vrai. »", "Il partit."]),
        ("Is it? Yes! It is.", ["Is it?", "Yes!", "It is."]),
        ("今天下雨。明天晴。", ["今天下雨。", "明天晴。"]),
        ("See fig. 3 and cf. Smith (p. 12).", ["See fig. 3 and cf. Smith (p. 12)."]),
    ],
)
def test_sentences_end_where_a_reader_sees_them_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_blank_lines_part_paragraphs_and_wrapped_lines_do_not() -> None:
    text = "A wrapped\nparagraph.\n\nAnother\r\n\r\nand another."
    assert [text[a:b] for a, b in paragraphs(text)] == [
        "A wrapped\nparagraph.",
        "Another",
        "and another.",
    ]


@given(texts.filter(lambda text: "\r" not in text))
@example("A wrapped\nparagraph\nof three lines.\n \nAnother.")
def test_paragraphs_are_the_same_whichever_way_lines_end(text: str) -> None:
    expected = [text[a:b] for a, b in paragraphs(text)]
    for end in ("\r\n", "\r"):
        other = text.replace("\n", end)
        found = [other[a:b].replace(end, "\n") for a, b in paragraphs(other)]
        assert found == expected


def test_long_lines_are_paragraphs_of_their_own() -> None:
    line = "word " * 40
    text = f"{line}\n{line}"
    assert len(list(paragraphs(text))) == 2


def test_headings_and_list_items_are_paragraphs_of_their_own() -> None:
    text = "# Title\nBody text.\n- one\n- two"
    assert [text[a:b] for a, b in paragraphs(text)] == ["# Title", "Body text.", "- one", "- two"]


def test_short_paragraphs_join_and_long_ones_stand_alone() -> None:
    short, long = "Short one.", "word " * 130
    text = f"{short}\n\n{short}\n\n{long.strip()}.\n\n{short}"
    quotes = [text[found.start : found.end] for found in cut(text, max_tokens=200)]
    assert [len(quote.split("\n\n")) for quote in quotes] == [2, 1, 1]


@pytest.mark.parametrize("before", [5, 130])
@pytest.mark.parametrize("after", [5, 130, 198])
@pytest.mark.parametrize(
    "heading", ["On Rice", "# On Rice", "II. Rice in 1950", "Rice (film)", "# Food\n\n## On Rice"]
)
def test_a_heading_stays_with_what_it_heads(heading: str, before: int, after: int) -> None:
    text = f"{'word ' * before}end.\n\n{heading}\n\n{'word ' * after}end."
    quotes = [text[found.start : found.end] for found in cut(text, max_tokens=200)]
    assert [quote.startswith(heading) for quote in quotes] == [False, True]


def test_a_last_line_that_heads_nothing_stays_with_what_is_before_it() -> None:
    text = f"{'word ' * 130}end.\n\nKorea-Asia Association"
    assert len(cut(text, max_tokens=200)) == 1


def test_room_is_left_for_a_heading_in_what_the_model_reads() -> None:
    assert longest_passage(254) == 200
    assert longest_passage(126) + HEADING_TOKENS <= 126


def test_a_sentence_is_no_heading_and_neither_is_a_wrapped_line() -> None:
    long = "word " * 130
    for short in ("It rained.", "It\nrained", "It rained:", "(Photo: VNA)", "- rice"):
        text = f"{short}\n\n{long.strip()}."
        assert len(cut(text, max_tokens=200)) == 2


def test_a_single_line_of_megabytes_is_cut_into_readable_pieces() -> None:
    found = cut("x" * 3_000_000 + " end.", max_tokens=200)
    longest = max(end - start for one in found for start, end in one.sentences)
    assert longest <= MAX_SENTENCE_CHARACTERS


def test_training_needs_enough_text_and_is_repeatable() -> None:
    seeds = [file.read_text(encoding="utf-8") for file in sorted(SEEDS.glob("*.txt"))]
    assert train(["Too little text."]) is None
    assert sum(map(len, seeds)) > TRAINING_MIN_CHARACTERS
    assert train(seeds) == train(seeds)


def test_an_abbreviation_learned_from_the_corpus_no_longer_ends_a_sentence() -> None:
    text = "The xqz. council met. "
    corpus = "".join(
        f"In year {n} the xqz. council of town {n} met again here. " for n in range(600)
    )
    learned = SentenceSplitter(train([corpus]))
    assert len(list(learned.split(text, (0, len(text.strip()))))) == 1
    assert len(sentences(text.strip())) == 2
