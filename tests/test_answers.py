"""Questions on the seeds, with the real model and the real stores."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, MakeEngine, add, seed_questions, write

from index.errors import LibraryMismatch
from index.public_id import public_id
from qa.engine import Engine
from qa.types import Answer, Citation

ANSWERABLE = [question for question in seed_questions() if question["answerable"]]


def is_hit(citation: Citation, gold: list[dict[str, Any]]) -> bool:
    """Whether a passage covers at least half of the shorter of itself and a gold span."""
    for span in gold:
        overlap = min(citation.end, span["end"]) - max(citation.start, span["start"])
        shorter = min(citation.end - citation.start, span["end"] - span["start"])
        if Path(citation.document.path).name == span["file"] and overlap >= shorter / 2:
            return True
    return False


def file_text(citation: Citation) -> str:
    with Path(citation.document.path).open(encoding="utf-8", newline="") as file:
        return file.read()


def assert_exact(engine: Engine, answer: Answer) -> None:
    for found in answer.passages:
        cited, sentence = found.citation, found.citation.best_sentence
        assert sentence
        canonical = engine.text(cited.document.id)
        on_disk = file_text(cited)
        assert canonical[cited.start : cited.end] == cited.quote
        assert on_disk[cited.start : cited.end] == cited.quote
        assert canonical[sentence.start : sentence.end] == sentence.quote
        assert cited.start <= sentence.start < sentence.end <= cited.end
        assert on_disk[: cited.start].count("\n") + 1 == cited.locator.line_start
        assert on_disk[: cited.end].count("\n") + 1 == cited.locator.line_end
        data = Path(cited.document.path).read_bytes()
        assert hashlib.sha256(data).hexdigest() == cited.document.sha256


def test_the_right_passage_comes_first_or_among_the_first_five(seed_engine: Engine) -> None:
    ranks = []
    for question in ANSWERABLE:
        answer = seed_engine.ask(question["question"])
        hits = [found.rank for found in answer.passages if is_hit(found.citation, question["gold"])]
        ranks.append(min(hits, default=99))
    assert sum(rank == 1 for rank in ranks) >= 11
    assert sum(rank <= 5 for rank in ranks) >= 14


@pytest.mark.parametrize("question", seed_questions(), ids=lambda question: question["id"])
def test_every_citation_is_exact(seed_engine: Engine, question: dict[str, Any]) -> None:
    assert_exact(seed_engine, seed_engine.ask(question["question"], limit=50))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_citations_are_exact_whatever_the_line_ends_and_letters(
    tmp_path: Path, make_engine: MakeEngine, newline: str
) -> None:
    paragraphs = [f"Thành phố {n} 🏙 e\u0301tait “là”. Rice grew there." for n in range(30)]
    folder = write(tmp_path / "docs", odd=(newline * 2).join(["Title", *paragraphs]))
    engine = make_engine(tmp_path / "library")
    add(engine, folder)
    answer = engine.ask("Where did rice grow?", limit=50)
    assert len(answer.passages) > 1
    assert_exact(engine, answer)


@pytest.mark.parametrize(
    ("asked", "written"),
    [("To Lam", "Tô Lâm"), ("Tô Lâm", "To Lam"), ("Vietnam", "Việt Nam"), ("Viet Nam", "Việt Nam")],
)
def test_names_are_found_without_their_accents(
    seed_engine: Engine, asked: str, written: str
) -> None:
    answer = seed_engine.ask(asked)
    assert any(written in found.citation.quote for found in answer.passages)


def test_passages_come_best_first_and_no_more_than_asked_for(seed_engine: Engine) -> None:
    answer = seed_engine.ask("Who met Kim Il Sung?", limit=7)
    scores = [found.score for found in answer.passages]
    assert [found.rank for found in answer.passages] == list(range(1, 8))
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_the_same_question_has_the_same_answer(seed_engine: Engine) -> None:
    assert seed_engine.ask("Who met Kim Il Sung?") == seed_engine.ask("Who met Kim Il Sung?")


def test_a_longer_list_begins_with_the_shorter_one(seed_engine: Engine) -> None:
    short = seed_engine.ask("When was the embassy opened?", limit=2).passages
    assert seed_engine.ask("When was the embassy opened?", limit=20).passages[:2] == short


def test_the_best_sentence_is_the_one_that_answers(seed_engine: Engine) -> None:
    answer = seed_engine.ask("What humanitarian aid has Vietnam given the DPRK?")
    best = answer.passages[0].citation.best_sentence
    assert best
    assert best.quote.endswith("tens of thousands of tonnes of rice.")


def test_titles_and_dates_are_cited_where_documents_state_them(seed_engine: Engine) -> None:
    cited = seed_engine.ask("When did Choummaly Sayasone visit?").passages[0].citation
    assert cited.document.title == "History of Friendship Cemented in Common Struggle for Socialism"
    cited = seed_engine.ask("What did Tô Lâm propose?").passages[0].citation
    assert cited.document.date == "2025-10-09"


def test_a_passage_keeps_its_public_id_when_it_is_indexed_again(
    tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    ids = []
    for library in ("first", "second"):
        engine = make_engine(tmp_path / library, model=str(tiny_model))
        add(engine, SEEDS)
        cited = [found.citation for found in engine.ask("ambassador", limit=100).passages]
        ids.append({one.id for one in cited})
        assert all(one.id == public_id(one.document.sha256, one.start, one.end) for one in cited)
    assert ids[0] == ids[1]


def test_a_new_generation_is_answered_from_without_opening_anew(
    tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    folder = write(tmp_path / "docs", one="The xylophone was invented long ago in a far country.")
    reader = make_engine(tmp_path / "library", model=str(tiny_model))
    writer = make_engine(tmp_path / "library", model=str(tiny_model))
    add(writer, folder)
    assert "xylophone" in reader.ask("xylophone").passages[0].citation.quote
    write(folder, two="The theremin was invented in 1920 and is played without touch.")
    add(writer, folder)
    answer = reader.ask("theremin")
    assert "theremin" in answer.passages[0].citation.quote
    assert answer.generation == 2
    (folder / "two.txt").unlink()
    add(writer, folder)
    quotes = [found.citation.quote for found in reader.ask("theremin").passages]
    assert not any("theremin" in quote for quote in quotes)


def test_another_model_than_the_librarys_is_refused(
    seed_library: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    engine = make_engine(seed_library, model=str(tiny_model))
    with pytest.raises(LibraryMismatch, match="all-MiniLM-L6-v2"):
        engine.ask("Who met Kim Il Sung?")
