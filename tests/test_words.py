"""What counts as a word, and which words of a question find which words of a passage."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import lexical
from index.language import detect
from index.lexical import LexicalIndex, analyze, fold, folded_words, stems, written_words
from index.types import PassageId

English = ["en"]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Tô Lâm", "To Lam"),
        ("Việt Nam", "viet nam"),
        ("Vie\u0323\u0302t Nam", "Việt Nam"),
        ("Đà Nẵng", "da nang"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("ﬁnance", "finance"),
        ("visits", "visited"),
        ("the ambassador’s car", "the ambassador's car"),
        ("59,000 tonnes", "59000 tonnes"),
    ],
)
def test_a_question_finds_words_however_they_are_written(written: str, asked: str) -> None:
    assert analyze(written, "en") == analyze(asked, "en")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("59,000 tonnes, 3.5%", ["59000", "tonnes", "3.5"]),
        ("1.250.000", ["1250000"]),
        ("on 2025-10-08.", ["on", "2025-10-08", "2025", "10", "08"]),
        ("at 10:30", ["at", "10:30", "10", "30"]),
        ("the 8-bit CPU of COVID-19", ["the", "8", "bit", "cpu", "of", "covid", "19"]),
        ("Laos' people, Vietnam's", ["laos", "people", "vietnam"]),
        ("東京都", ["東京", "京都"]),
        ("米 2025年", ["米", "2025", "年"]),
        ("한국은", ["한국", "국은"]),
        ("ประเทศไทย"[:4], ["ปร", "ระ", "ะเ"]),
        ("snake_case", ["snake", "case"]),
        ("— … !", []),
    ],
)
def test_numbers_and_dates_are_whole_and_unspaced_scripts_are_cut_in_pairs(
    text: str, words: list[str]
) -> None:
    assert written_words(text) == words


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "leaders", "leader"),
        ("fr", "dirigeants", "dirigeant"),
        ("de", "Häuser", "Häusern"),
        ("ru", "столица", "столицы"),
        ("es", "embajadores", "embajador"),
    ],
)
def test_words_are_stemmed_by_their_language(language: str, one: str, other: str) -> None:
    assert analyze(one, language) == analyze(other, language)
    assert analyze(one, None) != analyze(other, None)  # unknown: left as they are


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=100), st.sampled_from(["en", "vi", "ar", "tr", None]))
def test_every_word_has_one_term(text: str, language: str | None) -> None:
    words = written_words(text)
    terms = stems(folded_words(words), language)
    assert len(terms) == len(words)
    assert all(term and not term.isspace() for term in terms)


@given(st.text(max_size=60), st.text(max_size=60))
def test_texts_apart_have_the_words_of_each(one: str, other: str) -> None:
    assert written_words(f"{one}\n\n{other}") == written_words(one) + written_words(other)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ambassador visited the capital on Tuesday, after the talks.", "en"),
        ("Đại sứ đã thăm thủ đô hôm thứ Ba, sau các cuộc hội đàm.", "vi"),
        ("ທູດໄດ້ໄປຢ້ຽມຢາມນະຄອນຫຼວງໃນວັນອັງຄານ", "lo"),
        ("L'ambassadeur a visité la capitale mardi, après les entretiens.", "fr"),
        ("12.5 % – 13.1 %", None),
        ("", None),
    ],
)
def test_the_language_is_known_where_it_is_clear(text: str, language: str | None) -> None:
    assert detect(text) == language


def index_of(folder: Path, *passages: str) -> LexicalIndex:
    lexical.update(folder, [], [(PassageId(n), text) for n, text in enumerate(passages, 1)])
    return LexicalIndex(folder)


def found(index: LexicalIndex, question: str, languages: list[str | None]) -> list[int]:
    hits = index.search(index.query(question, languages).weights, 10)
    return sorted(hit.id for hit in hits)


def test_a_compound_is_looked_for_as_the_library_spells_it(tmp_path: Path) -> None:
    index = index_of(tmp_path, "viet nam and lao", "vietnam and china", "to gether")
    assert index.query("Vietnam", English).weights == {"vietnam": 1.0, "viet": 0.5, "nam": 0.5}
    assert index.query("Việt Nam", English).weights == {"viet": 1.0, "nam": 1.0, "vietnam": 1.0}
    assert set(index.query("laos together", English).weights) == {"lao", "togeth"}
    assert found(index, "Vietnam", English) == found(index, "Viet Nam", English) == [1, 2]


def test_words_that_only_serve_grammar_weigh_less(tmp_path: Path) -> None:
    index = index_of(tmp_path, "the rice")
    assert index.query("the rice", English).weights == {"the": 0.3, "rice": 1.0}
    assert (
        index.query("thế rice", {"en", "vi"}).weights["the"] == 1.0
    )  # another word, in Vietnamese


def test_a_question_is_stemmed_as_each_language_of_the_library(tmp_path: Path) -> None:
    passages = (
        analyze("the leaders", "en"),
        analyze("les leaders", "fr"),
        analyze("leaders", None),
    )
    index = index_of(tmp_path, *(" ".join(terms) for terms in passages))
    assert found(index, "leaders", ["en", "fr", None]) == [1, 2, 3]
    (word,) = index.query("leaders", ["en", "fr", None]).words
    assert set(word.terms) == {"leader", "leaders"}


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("日本の首都は東京です。", "首都はどこですか"),
        ("กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย", "เมืองหลวง"),
        ("한국은 아시아에 있다", "한국"),
        ("ນະຄອນຫຼວງວຽງຈັນ", "ວຽງຈັນ"),
    ],
)
def test_scripts_without_spaces_are_searchable(tmp_path: Path, text: str, question: str) -> None:
    language = detect(text)
    index = index_of(tmp_path, " ".join(analyze(text, language)), "something else")
    assert found(index, question, [language]) == [1]


def test_a_phrase_is_found_where_its_words_follow_one_another(tmp_path: Path) -> None:
    index = index_of(tmp_path, "eminent leader of the lao", "the lao leader", "leader lao")
    assert index.holding(["leader", "of", "the", "lao"], English) == {1}
    assert index.holding(["lao"], English) == {1, 2, 3}
    assert index.holding(["nowhere"], English) == set()
