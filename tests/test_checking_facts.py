"""Facts in sentences, and where two sentences put the same thing differently."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import SentenceSplitter
from qa.checking.facts.amounts import Amount
from qa.checking.facts.dates import Period
from qa.checking.facts.differences import differences
from qa.checking.facts.facts import Fact, facts
from qa.checking.facts.names import Name


def seed_sentences() -> list[str]:
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for paragraph in text.split("\n\n"):
            spans = SentenceSplitter().split(paragraph, (0, len(paragraph)))
            found += [paragraph[start:end].strip() for start, end in spans]
    return found


def amounts(sentence: str, language: str | None = None) -> list[tuple[str, float, str]]:
    found = [(fact.text, fact.value) for fact in facts(sentence, language)]
    return [
        (text, value.value, value.unit.name if value.unit else "")
        for text, value in found
        if isinstance(value, Amount)
    ]


def days(sentence: str) -> list[tuple[object, object]]:
    values = [fact.value for fact in facts(sentence)]
    return [(value.first, value.last) for value in values if isinstance(value, Period)]


def pairs(statement: str, source: str) -> list[tuple[str, str, str]]:
    found = differences(statement, source)
    return [(each.kind, each.statement.text, each.source.text) for each in found]


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("the 50th anniversary", None, [("50th anniversary", 50, "year")]),
        ("75 years, a 75-year-old", None, [("75 years", 75, "year"), ("75-year-old", 75, "year of age")]),
        ("fifty-nine thousand tonnes", None, [("fifty-nine thousand tonnes", 59_000, "tonne")]),
        ("US$1.5 billion or 20 euros", None, [("US$1.5 billion", 1.5e9, "US dollar"), ("20 euros", 20, "euro")]),
        ("12% and 12 per cent", None, [("12%", 12, "percent"), ("12 per cent", 12, "percent")]),
        ("WPK’s 8th Congress", None, [("8th", 8, "")]),
        ("59.000 Tonnen, zum 50. Jahrestag", "de", [("59.000 Tonnen", 59_000, "tonne"), ("50. Jahrestag", 50, "year")]),
        ("59 000 tonnes, soixante-quinze ans", "fr", [("59 000 tonnes", 59_000, "tonne"), ("soixante-quinze ans", 75, "year")]),
        ("75 năm, 20 triệu đồng", "vi", [("75 năm", 75, "year"), ("20 triệu đồng", 2e7, "dong")]),
        ("COVID-19, tens of thousands of tonnes, the two countries, at 10:30", None, []),
    ],
)  # fmt: skip
def test_numbers_are_read_with_their_units(
    sentence: str, language: str | None, expected: list[tuple[str, float, str]]
) -> None:
    assert amounts(sentence, language) == expected


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("January 31, 1950", (1950, 1, 31), (1950, 1, 31)),
        ("31/01/1950", (1950, 1, 31), (1950, 1, 31)),
        ("1950-01-31", (1950, 1, 31), (1950, 1, 31)),
        ("ngày 31 tháng 1 năm 1950", (1950, 1, 31), (1950, 1, 31)),
        ("am 31. Januar 1950", (1950, 1, 31), (1950, 1, 31)),
        ("le 1er février 1950", (1950, 2, 1), (1950, 2, 1)),
        ("(1950–2025)", (1950, None, None), (2025, None, None)),
        ("October 28 to November 3, 1965", (1965, 10, 28), (1965, 11, 3)),
        ("October 10, 1945–2025", (1945, 10, 10), (2025, 10, 10)),
        ("from October 9 to 11", (None, 10, 9), (None, 10, 11)),
        ("in the 1980s", (1980, None, None), (1989, None, None)),
        ("in April 1982", (1982, 4, None), (1982, 4, None)),
    ],
)
def test_dates_are_read_in_many_forms(sentence: str, first: object, last: object) -> None:
    assert days(sentence) == [(first, last)]


def test_names_are_read_with_their_titles() -> None:
    found = facts("On Monday President Hồ Chí Minh’s envoy met Ambassador Le Ba Vinh of the DPRK.")
    named = [(fact.text, fact.value.title) for fact in found if isinstance(fact.value, Name)]
    assert named == [("Hồ Chí Minh", "president"), ("Le Ba Vinh", "ambassador"), ("DPRK", None)]


def test_an_anniversary_differs_from_the_years_that_passed() -> None:
    statement = (
        "The year 2025 also marks the 50th anniversary of diplomatic ties between Việt Nam and "
        "the DPRK (1950–2025)."
    )
    source = (
        "Ambassador Le Ba Vinh said that 75 years have passed since the Democratic Republic of "
        "Vietnam and the DPRK officially established diplomatic relations on January 31, 1950."
    )
    assert pairs(statement, source) == [("number", "50th anniversary", "75 years")]


@pytest.mark.parametrize(
    ("statement", "source", "expected"),
    [
        (
            "Vietnam opened its embassy in Pyongyang in 1956.",
            "Vietnam opened its embassy in Pyongyang in 1955, and the DPRK one in Hanoi.",
            ("date", "1956", "1955"),
        ),
        (
            "The new bridge over the Red River is 12 miles long.",
            "The new bridge over the Red River is 12 km long.",
            ("unit", "12 miles", "12 km"),
        ),
        (
            "Ambassador Tran Van Nam opened the exhibition in Pyongyang on Friday.",
            "On Friday, Ambassador Le Ba Vinh opened the exhibition in Pyongyang.",
            ("name", "Tran Van Nam", "Le Ba Vinh"),
        ),
        (
            "Exports of rice to Laos rose by 15 percent in the last quarter.",
            "In the last quarter, exports of rice to Laos rose by 12.5%.",
            ("number", "15 percent", "12.5%"),
        ),
    ],
)
def test_changed_facts_are_found(
    statement: str, source: str, expected: tuple[str, str, str]
) -> None:
    assert pairs(statement, source) == [expected]


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("To Lam met Kim Jong Un in Vietnam.", "Tô Lâm met Kim Jong Un in Việt Nam."),
        ("Laos received 59,000 tonnes of rice.", "Laos received 59000 tonnes of rice."),
        ("Laos received 59,000 tonnes of rice.", "Laos received 59,000,000 kg of rice."),
        ("The visit to Laos began on October 9.", "The visit to Laos began on 2025-10-09."),
        ("Laos sent about 60,000 tonnes of rice.", "Laos sent 59,000 tonnes of rice."),
        ("Laos sent more than 50,000 tonnes of rice.", "Laos sent 59,000 tonnes of rice."),
        ("Laos has 7.4 million inhabitants today.", "Laos has 7,443,000 inhabitants today."),
        ("The DPRK held a Congress in Pyongyang.", "The Democratic People’s Republic of Korea held a Congress in Pyongyang."),
        # Of other things: the names, or what is counted, tell so.
        ("Laos and Vietnam established diplomatic relations in 1962.", "China and the DPRK established diplomatic relations in 1949."),
        ("It marked the 80th anniversary of the Party of Korea in Pyongyang.", "It marked the 50th anniversary of ties between Laos and Cuba."),
    ],
)  # fmt: skip
def test_what_agrees_or_is_about_other_things_does_not_differ(statement: str, source: str) -> None:
    assert pairs(statement, source) == []


def test_a_hedge_is_no_licence() -> None:
    statement, source = "Laos sent about 60,000 tonnes of rice.", "Laos sent 41,000 tonnes of rice."
    assert pairs(statement, source) == [("number", "60,000 tonnes", "41,000 tonnes")]


def test_seed_sentences_differ_nowhere_but_where_they_do() -> None:
    """Every sentence held against every other: some 11,000 pairs, of which one differs, twice."""
    sentences = seed_sentences()
    told = {
        (found.statement.text, found.source.text)
        for one in sentences
        for other in sentences
        for found in differences(one, other)
    }
    assert told == {("50th anniversary", "75 years"), ("75 years", "50th anniversary")}


def test_every_changed_figure_of_the_seeds_is_found_and_nothing_else() -> None:
    changed = [
        (sentence, fact, _changed(fact))
        for sentence in seed_sentences()
        for fact in facts(sentence)
        if re.search(r"\d", fact.text) and not re.search(r"0s|9 to 11", fact.text)
    ]
    assert len(changed) > 50
    for sentence, fact, words in changed:
        statement = sentence[: fact.start] + words + sentence[fact.end :]
        found = differences(statement, sentence)
        assert [each.source.text for each in found] == [fact.text], statement


def _changed(fact: Fact) -> str:
    """The fact with its first figure changed, and still a possible date."""
    return re.sub(r"\d+", lambda match: str(_other(int(match[0]))), fact.text, count=1)


def _other(figure: int) -> int:
    if figure > 31:
        return figure + 3
    return figure + 2 if figure < 26 else figure - 3


@given(st.text(max_size=200) | st.from_regex(r"(\w|[ .,–()$%-]|\d|Jan |of |the ){0,80}"))
def test_facts_of_any_text_have_exact_offsets(text: str) -> None:
    found = facts(text)
    assert all(text[fact.start : fact.end] == fact.text and fact.text for fact in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(max_size=100), st.sampled_from(seed_sentences()))
def test_a_sentence_never_differs_from_itself(text: str, sentence: str) -> None:
    both = f"{sentence} {text}"
    assert differences(both, both) == []


def test_when_something_began_and_when_its_years_are_counted_are_two_dates() -> None:
    statement = "The year 2025 marks the 75th anniversary of diplomatic ties between Laos and Cuba."
    source = "Laos and Cuba established diplomatic ties in 1950."
    assert pairs(statement, source) == []
