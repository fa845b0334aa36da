"""Passages that score too little left out; those around each shown beside it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeEngine, RunQa, add, local_client, qa_environment, seed_questions

from api.app import create_app
from index.records import passages_of
from qa.engine import Engine
from qa.remembered import Remembered
from qa.rendering import answer_as_json, answer_as_text
from qa.types import MAX_NEIGHBOURS, Answer, Citation, Request

QUESTIONS = [one["question"] for one in seed_questions()]
QUESTION = QUESTIONS[0]
PAGES = [
    " ".join(f"The embassy number {100 * page + n} stands in the capital." for n in range(30))
    for page in range(8)
]
"""Passages with other numbers are no copies of each other."""


def ids(answer: Answer) -> list[str]:
    return [one.citation.id for one in answer.passages]


@pytest.mark.parametrize("question", QUESTIONS[:5])
def test_a_passage_that_scores_just_as_much_is_kept_and_the_next_is_not(
    seed_engine: Engine, question: str
) -> None:
    everything = seed_engine.ask(question, 10)
    for rank in (1, 4, 10):
        score = everything.passages[rank - 1].score
        kept = seed_engine.answer(Request(question, 10, min_score=score))
        assert (ids(kept), kept.notice) == (ids(everything)[:rank], None)
        above = seed_engine.answer(Request(question, 10, min_score=math.nextafter(score, 2)))
        assert ids(above) == ids(everything)[: rank - 1]


def test_no_least_score_leaves_nothing_out(seed_engine: Engine) -> None:
    assert seed_engine.answer(Request(QUESTION, 20, min_score=0.0)) == seed_engine.ask(QUESTION, 20)


def test_where_none_is_left_the_best_score_is_told(seed_engine: Engine) -> None:
    best = seed_engine.ask(QUESTION, 1).passages[0].score
    asked = math.nextafter(best, 2)
    answer = seed_engine.answer(Request(QUESTION, 3, min_score=asked))
    assert answer.passages == ()
    told = math.floor(1000 * best) / 1000
    assert answer.notice == (
        f"No passage scores {asked!r} or more; the best one scores {told:.3f}."
    )


def test_a_phrase_not_found_is_told_beside_it(seed_engine: Engine) -> None:
    answer = seed_engine.answer(Request('Who said "no such words here"?', 3, min_score=1.0))
    assert answer.notice
    first, second = answer.notice.split(" come nearest.")[0], answer.notice.split("nearest. ")[1]
    assert "word for word" in first
    assert second.startswith("No passage scores 1.0 or more; the best one scores 0.")


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paged")
    (folder / "long.txt").write_text("\n\n".join(PAGES))
    (folder / "short.txt").write_text("The embassy has a garden.")
    return folder


@pytest.fixture
def engine(make_engine: MakeEngine, paged: Path, tiny_model: Path) -> Engine:
    engine = make_engine(paged / "library", model=str(tiny_model))
    if not (paged / "library").exists():
        add(engine, paged / "long.txt", paged / "short.txt")
    return engine


@pytest.mark.parametrize("count", range(1, MAX_NEIGHBOURS + 1))
def test_neighbours_are_the_passages_around_and_fewer_at_the_ends(
    engine: Engine, count: int
) -> None:
    passages = engine.answer(Request("embassy", 100, neighbours=count)).passages
    assert {len(one.neighbours.before) for one in passages if one.neighbours} == {*range(count + 1)}
    for one in passages:
        with engine.snapshot().catalog.snapshot() as connection:
            same = [p.public_id for p in passages_of(connection, one.citation.document.id)]
        here = same.index(one.citation.id)
        assert one.neighbours
        before = [c.id for c in one.neighbours.before]
        assert before == same[max(0, here - count) : here]
        assert [c.id for c in one.neighbours.after] == same[here + 1 :][:count]


def test_neighbours_are_cited_as_they_are_alone(engine: Engine, seed_engine: Engine) -> None:
    for one, question in ((engine, "embassy"), (seed_engine, QUESTION)):
        for passage in one.answer(Request(question, 5, neighbours=2)).passages:
            assert passage.neighbours == one.neighbours(passage.citation.id, 2)
            assert passage.neighbours
            for cited in (*passage.neighbours.before, *passage.neighbours.after):
                assert cited == one.cite(cited.id)
                assert one.text(cited.document.id, cited.start, cited.end) == cited.quote


def test_a_document_of_one_passage_has_none(engine: Engine) -> None:
    passages = engine.answer(Request("garden", 100, neighbours=3)).passages
    (alone,) = [p for p in passages if p.citation.document.path.endswith("short.txt")]
    assert alone.neighbours
    assert (alone.neighbours.before, alone.neighbours.after) == ((), ())


def test_neighbours_not_asked_for_are_not_there(seed_engine: Engine) -> None:
    assert all(one.neighbours is None for one in seed_engine.ask(QUESTION).passages)


def test_each_new_part_of_a_request_has_an_answer_of_its_own(seed_engine: Engine) -> None:
    plain = seed_engine.answer(Request(QUESTION))
    for other in (Request(QUESTION, min_score=0.99999), Request(QUESTION, neighbours=1)):
        assert seed_engine.answer(other) != plain
        assert seed_engine.answer(other) is seed_engine.answer(other)
    assert seed_engine.answer(Request(QUESTION)) is plain


def test_neighbours_count_in_what_is_remembered(seed_engine: Engine) -> None:
    request = Request(QUESTION, 5, neighbours=5)
    answer = seed_engine.answer(request)
    remembered = Remembered(most=1 + len(answer.passages))
    remembered.keep(request, answer)
    assert remembered.get(answer.generation, request) is None


def test_over_http_both_are_as_the_engine_has_them(seed_engine: Engine) -> None:
    client = local_client(create_app(seed_engine))
    score = seed_engine.ask(QUESTION, 5).passages[2].score
    body: dict[str, Any] = {"question": QUESTION, "min_score": score, "context": 2}
    expected = seed_engine.answer(Request(QUESTION, 5, min_score=score, neighbours=2))
    assert len(expected.passages) == 3
    assert client.post("/v1/ask", json=body).json() == json.loads(answer_as_json(expected))
    nothing = client.post("/v1/ask", json={"question": QUESTION, "min_score": 1})
    assert (nothing.status_code, nothing.json()["passages"]) == (200, [])
    assert nothing.json()["notice"].startswith("No passage scores 1.0 or more")


def words(citations: tuple[Citation, ...]) -> str:
    return " ".join(" ".join(one.quote for one in citations).split())


def test_the_terminal_shows_neighbours_beside_the_passage(seed_engine: Engine) -> None:
    answer = seed_engine.answer(Request(QUESTION, 1, neighbours=1))
    (passage,) = answer.passages
    assert passage.neighbours
    shown = answer_as_text(answer, colour=False).splitlines()
    told = " ".join(line[4:] for line in shown if line.startswith("  : "))
    around = (*passage.neighbours.before, *passage.neighbours.after)
    assert " ".join(told.split()) == words(around)


@pytest.mark.slow
def test_the_command_line_takes_both(
    run_qa: RunQa, seed_library: Path, cache: Path, seed_engine: Engine
) -> None:
    here = qa_environment(seed_library, cache)
    options = ("--min-score", "0.9", "--neighbours", "1", "--format", "json")
    told = json.loads(run_qa("ask", QUESTION, *options, environment=here).stdout)
    expected = seed_engine.answer(Request(QUESTION, min_score=0.9, neighbours=1))
    assert told == json.loads(answer_as_json(expected))
    for wrong in (("--min-score", "2"), ("--neighbours", "6")):
        assert run_qa("ask", QUESTION, *wrong, environment=here).returncode == 2
