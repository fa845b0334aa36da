from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, RunQa, qa_environment

from index.errors import QuestionsInvalid
from index.types import DocumentId
from qa.engine import Engine
from qa.evaluate import evaluate, is_right, judged
from qa.questions import Gold, KnownQuestion, read_questions
from qa.types import Citation, CitedPassage, Sentence, Source

ROOT = Path("/docs")


def passage(rank: int, file: str, start: int, end: int) -> CitedPassage:
    source = Source(DocumentId(1), f"/docs/{file}", "00", None, None)
    cited = Citation("id", source, start, end, 1, 1, "x" * (end - start))
    return CitedPassage(rank, 1.0, cited, Sentence(start, end, ""))


def known(*gold: Gold, by_file: bool = False) -> KnownQuestion:
    return KnownQuestion("1", "Who?", gold, by_file, None)


@pytest.mark.parametrize(
    ("start", "end", "right"),
    [
        (100, 200, True),
        (150, 250, True),  # half of it
        (151, 251, False),
        (0, 1000, True),  # all of the gold
        (140, 150, True),  # all of the passage
        (195, 215, False),  # a quarter of the passage
        (200, 300, False),
    ],
)
def test_a_passage_is_right_when_it_covers_half_of_the_shorter(
    start: int, end: int, right: bool
) -> None:
    gold = Gold("a.txt", 100, 200, 1)
    assert is_right(passage(1, "a.txt", start, end).citation, gold, False, ROOT) is right
    assert not is_right(passage(1, "b.txt", start, end).citation, gold, False, ROOT)


def test_files_are_found_by_the_end_of_their_path_without_a_root() -> None:
    gold = Gold("sub/a.txt", None, None, 1)
    assert is_right(passage(1, "sub/a.txt", 0, 9).citation, gold, True, None)
    assert not is_right(passage(1, "xsub/a.txt", 0, 9).citation, gold, True, None)


def test_each_place_is_found_once() -> None:
    question = known(Gold("a.txt", 0, 100, 1), Gold("b.txt", 0, 100, 1))
    found = [passage(1, "a.txt", 0, 60), passage(2, "a.txt", 40, 100), passage(3, "b.txt", 0, 99)]
    assert list(judged(found, question, ROOT)) == ["gold-0", "other-2", "gold-1"]


def test_where_files_are_judged_only_their_first_passage_counts() -> None:
    question = known(Gold("b.txt", None, None, 3), by_file=True)
    found = [passage(1, "a.txt", 0, 9), passage(2, "a.txt", 9, 20), passage(3, "b.txt", 0, 9)]
    assert list(judged(found, question, ROOT)) == ["other-1", "gold-0"]


def test_the_seeds_are_judged_as_by_hand(seed_engine: Engine) -> None:
    questions = read_questions(SEEDS / "questions.jsonl")
    found = evaluate(seed_engine, questions, SEEDS)
    assert found.questions == 16
    firsts = sum(
        any(
            is_right(seed_engine.ask(one.question, 1).passages[0].citation, gold, False, SEEDS)
            for gold in one.gold
        )
        for one in questions
    )
    assert found.metrics["Success@1"] == pytest.approx(firsts / 16)
    assert found.metrics["Success@1"] <= found.metrics["RR@10"] <= found.metrics["Success@10"]
    assert len(found.misses) == 16 - firsts
    assert set(found.by_question) == {one.id for one in questions}


def test_a_scoped_question_is_answered_from_its_file_only(seed_engine: Engine) -> None:
    for name in ("000_803b68c2c81dc1ed.txt", "004_527636f6617f84d3.txt"):
        answer = seed_engine.ask("Who visited the DPRK?", 50, [str(SEEDS / name)])
        assert {Path(one.citation.document.path).name for one in answer.passages} == {name}
        assert len(answer.passages) > 5


def test_a_place_that_holds_nothing_answers_nothing(seed_engine: Engine) -> None:
    assert seed_engine.ask("Who visited the DPRK?", 5, ["/nowhere"]).passages == ()


@pytest.mark.parametrize(
    ("place", "files"),
    [
        ("00[03]_*.txt", {"000", "003"}),
        ("seeds/004*", {"004"}),
        ("seeds", {f"00{n}" for n in range(5)}),
    ],
)
def test_the_command_line_keeps_to_paths_and_globs(
    run_qa: RunQa, seed_library: Path, cache: Path, place: str, files: set[str]
) -> None:
    done = run_qa(
        "ask", "friendship", "-k", "50", "--in", place, "--format", "json",
        environment=qa_environment(seed_library, cache), cwd=SEEDS.parent,
    )  # fmt: skip
    paths = [one["citation"]["document"]["path"] for one in json.loads(done.stdout)["passages"]]
    assert {Path(path).name[:3] for path in paths} == files


def test_the_command_indexes_judges_and_writes_down_what_was_missed(
    run_qa: RunQa, tmp_path: Path
) -> None:
    out = tmp_path / "figures.json"
    done = run_qa("eval", SEEDS / "questions.jsonl", "--docs", SEEDS, "--output", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("questions:")
    assert "hit@1:" in done.stdout
    written = json.loads(out.read_text())
    assert written["questions"] == 16
    assert not (tmp_path / "library").exists()  # the user's own is left alone
    for miss in written["misses"]:
        assert set(miss) == {"id", "question", "gold", "first"}


GOOD: dict[str, Any] = {
    "id": "1",
    "question": "Who?",
    "gold": [{"file": "a", "start": 0, "end": 1}],
}


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": "1"}', '{"id": "1", "question": "Who?", "gold": [{"start": 1}]}']
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line)
    with pytest.raises(QuestionsInvalid, match=r"questions\.jsonl:2"):
        read_questions(path)


@pytest.mark.parametrize("content", ["", "\n", '{"id": "1", "answerable": false}'])
def test_a_file_without_answerable_questions_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(content)
    with pytest.raises(QuestionsInvalid, match="no answerable question"):
        read_questions(path)
