from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, RunQa, qa_environment

from index.errors import QuestionsInvalid
from index.types import Filters
from qa.comparison import compare
from qa.engine import Engine
from qa.evaluate import Found, Place, ask_engine, evaluate, is_right, judged
from qa.plot import found_within
from qa.questions import Gold, KnownQuestion, read_questions

ROOT = Path("/docs")


def passage(file: str, start: int, end: int) -> Found:
    return Found((Place(f"/docs/{file}", start, end),), "x" * (end - start))


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
    assert is_right(passage("a.txt", start, end), gold, False, ROOT) is right
    assert not is_right(passage("b.txt", start, end), gold, False, ROOT)


def test_files_are_found_by_the_end_of_their_path_without_a_root() -> None:
    gold = Gold("sub/a.txt", None, None, 1)
    assert is_right(passage("sub/a.txt", 0, 9), gold, True, None)
    assert not is_right(passage("xsub/a.txt", 0, 9), gold, True, None)


def test_each_place_is_found_once() -> None:
    question = known(Gold("a.txt", 0, 100, 1), Gold("b.txt", 0, 100, 1))
    found = [passage("a.txt", 0, 60), passage("a.txt", 40, 100), passage("b.txt", 0, 99)]
    assert list(judged(found, question, ROOT)) == ["gold-0", "other-2", "gold-1"]


def test_where_files_are_judged_only_their_first_passage_counts() -> None:
    question = known(Gold("b.txt", None, None, 3), by_file=True)
    found = [passage("a.txt", 0, 9), passage("a.txt", 9, 20), passage("b.txt", 0, 9)]
    assert list(judged(found, question, ROOT)) == ["other-1", "gold-0"]


def test_a_passage_is_right_where_any_of_its_copies_is() -> None:
    found = Found((Place("/docs/b.txt", 0, 9), Place("/docs/a.txt", 5, 14)), "x" * 9)
    assert is_right(found, Gold("a.txt", 0, 10, 1), False, ROOT)


def test_the_seeds_are_judged_as_by_hand(seed_engine: Engine) -> None:
    questions = read_questions(SEEDS / "questions.jsonl").answerable
    ask = ask_engine(seed_engine, SEEDS)
    found = evaluate(ask, questions, SEEDS)
    assert found.questions == 16
    firsts = sum(
        any(is_right(ask(one, 1)[0], gold, False, SEEDS) for gold in one.gold) for one in questions
    )
    assert found.metrics["Success@1"] == pytest.approx(firsts / 16)
    assert found.metrics["Success@1"] <= found.metrics["RR@10"] <= found.metrics["Success@10"]
    assert len(found.misses) == 16 - firsts
    assert set(found.by_question) == {one.id for one in questions}


def test_a_scoped_question_is_answered_from_its_file_only(seed_engine: Engine) -> None:
    for name in ("000_803b68c2c81dc1ed.txt", "004_527636f6617f84d3.txt"):
        answer = seed_engine.ask("Who visited the DPRK?", 50, Filters((str(SEEDS / name),)))
        assert {Path(one.citation.document.path).name for one in answer.passages} == {name}
        assert len(answer.passages) > 5


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


@pytest.mark.slow
def test_the_command_indexes_judges_and_writes_down_what_was_missed(
    run_qa: RunQa, tmp_path: Path
) -> None:
    out = tmp_path / "figures.json"
    done = run_qa("eval", SEEDS / "questions.jsonl", "--docs", SEEDS, "--output", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("questions:")
    assert "6 unanswerable ones left out" in done.stderr
    assert "hit@1:" in done.stdout
    written = json.loads(out.read_text())
    assert written["questions"] == 16
    assert not (tmp_path / "library").exists()  # the user's own is left alone
    for miss in written["misses"]:
        assert set(miss) == {"id", "question", "gold", "first"}
        assert miss["first"]["quote"]
    plot = (tmp_path / "figures.svg").read_text()
    assert "<svg" in plot


def test_the_plot_counts_the_questions_answered_within_so_many_passages(
    seed_engine: Engine,
) -> None:
    found = evaluate(
        ask_engine(seed_engine, SEEDS), read_questions(SEEDS / "questions.jsonl").answerable, SEEDS
    )
    shares = found_within(found)
    assert len(shares) == 10
    for depth in (1, 3, 5, 10):
        assert shares[depth - 1] == pytest.approx(found.metrics[f"Success@{depth}"])


def evaluation(path: Path, ranks: dict[str, int]) -> Path:
    rows = {id_: {"Success@1": float(rank == 1), "RR@10": 1 / rank} for id_, rank in ranks.items()}
    path.write_text(json.dumps({"by_question": rows}))
    return path


def test_a_difference_on_every_question_is_no_chance_and_none_is(tmp_path: Path) -> None:
    worse = evaluation(tmp_path / "a.json", {str(n): 2 for n in range(20)} | {"only here": 1})
    better = evaluation(tmp_path / "b.json", {str(n): 1 for n in range(20)})
    hit, reciprocal = compare(worse, better)
    assert (hit.measure, hit.questions, hit.first, hit.second) == ("Success@1", 20, 0.0, 1.0)
    assert (reciprocal.first, reciprocal.second) == (0.5, 1.0)
    assert hit.p < 0.001
    assert [one.p for one in compare(better, better)] == [1.0, 1.0]
    assert compare(worse, better) == compare(worse, better)


def test_a_difference_on_one_question_may_well_be_chance(tmp_path: Path) -> None:
    one = evaluation(tmp_path / "a.json", {str(n): 1 for n in range(9)} | {"9": 2})
    other = evaluation(tmp_path / "b.json", {str(n): 1 for n in range(10)})
    assert compare(one, other)[0].p == 1.0


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"by_question": {"1": 2}}'])
def test_what_is_no_evaluation_is_not_compared(tmp_path: Path, content: str) -> None:
    good = evaluation(tmp_path / "a.json", {"1": 1})
    (tmp_path / "b.json").write_text(content)
    with pytest.raises(QuestionsInvalid, match=r"b\.json"):
        compare(good, tmp_path / "b.json")


def test_evaluations_of_other_questions_are_not_compared(tmp_path: Path) -> None:
    one = evaluation(tmp_path / "a.json", {"1": 1})
    other = evaluation(tmp_path / "b.json", {"2": 1})
    with pytest.raises(QuestionsInvalid, match="no question in common"):
        compare(one, other)


@pytest.mark.parametrize("name", ["nowhere/a.json", "a.svg", "."])
def test_where_nothing_can_be_written_is_said_first(
    run_qa: RunQa, tmp_path: Path, name: str
) -> None:
    questions = SEEDS / "questions.jsonl"
    done = run_qa("eval", questions, "--docs", SEEDS, "--output", tmp_path / name)
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr.replace("\n", "")
    assert done.stdout == ""


@pytest.mark.slow
def test_the_command_compares(run_qa: RunQa, tmp_path: Path) -> None:
    one = evaluation(tmp_path / "a.json", {"1": 1, "2": 2})
    done = run_qa("eval", "--compare", one, one)
    assert done.returncode == 0, done.stderr
    assert "hit@1" in done.stdout
    assert "+0.000" in done.stdout
    assert run_qa("eval").returncode == 2
    assert run_qa("eval", one, "--compare", one, one).returncode == 2


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


def test_unanswerable_questions_are_counted_and_left_out() -> None:
    found = read_questions(SEEDS / "questions.jsonl")
    assert (len(found.answerable), found.unanswerable) == (16, 6)


@pytest.mark.parametrize("content", ["", "\n", '{"id": "1", "answerable": false}'])
def test_a_file_without_answerable_questions_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(content)
    with pytest.raises(QuestionsInvalid, match="no answerable question"):
        read_questions(path)
