"""Questions of several threads: embedded together, answered as alone, remembered."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import MakeEngine, add, seed_questions, write

from index.encoder import Encoder, load_encoder
from index.recent import Recent
from index.types import Candidate, DocumentId, PassageId
from qa.engine import Engine
from qa.remembered import Remembered
from qa.together import Together
from qa.types import Answer, Request

if TYPE_CHECKING:
    from index.types import Float32

QUESTIONS = [one["question"] for one in seed_questions()]
SHORT_AND_LONG = [
    *QUESTIONS,
    "Who?",
    "Ai là đại sứ Việt Nam tại Bình Nhưỡng?",
    " ".join(QUESTIONS),
]


@pytest.fixture(scope="module")
def encoder(cache: Path) -> Encoder:
    return load_encoder("all-MiniLM-L6-v2", cache, purpose="questions", device="cpu")


@pytest.mark.parametrize("size", [1, 2, 3, 8, 32])
def test_vectors_are_those_of_questions_alone_whatever_the_batch(
    encoder: Encoder, size: int
) -> None:
    alone = np.stack([encoder.encode_query(question) for question in SHORT_AND_LONG])
    together = np.concatenate(
        [
            encoder.encode_queries(SHORT_AND_LONG[start : start + size])
            for start in range(0, len(SHORT_AND_LONG), size)
        ]
    )
    assert together.dtype == np.float32
    assert ((alone * together).sum(axis=1) > 0.999).all()


def test_answers_under_concurrency_are_those_given_alone(
    seed_library: Path, make_engine: MakeEngine
) -> None:
    one, other = make_engine(seed_library), make_engine(seed_library)
    alone = [one.ask(question, explain=True) for question in QUESTIONS]
    with ThreadPoolExecutor(16) as threads:
        asked = [threads.submit(other.ask, question, explain=True) for question in QUESTIONS]
        together = [future.result() for future in asked]
    for expected, found in zip(alone, together, strict=True):
        assert [p.citation for p in found.passages] == [p.citation for p in expected.passages]
        assert [p.context for p in found.passages] == [p.context for p in expected.passages]
        scores = [p.score for p in expected.passages]
        assert [p.score for p in found.passages] == pytest.approx(scores, abs=1e-4)


class Gate:
    """An embedding that waits until it is let through, and notes what came together."""

    def __init__(self) -> None:
        self.passes: list[list[str]] = []
        self.begun = threading.Semaphore(0)
        self.open = threading.Semaphore(0)

    def embed(self, questions: Sequence[str]) -> Float32:
        self.passes.append(list(questions))
        self.begun.release()
        assert self.open.acquire(timeout=10)
        if "fails" in questions:
            raise ValueError("as asked")
        return np.array([[float(question)] for question in questions], dtype=np.float32)


def test_a_question_alone_does_not_wait_for_others() -> None:
    gate = Gate()
    gate.open.release(3)
    together = Together(gate.embed)
    assert [float(together.encode(str(n))[0]) for n in range(3)] == [0, 1, 2]
    assert gate.passes == [["0"], ["1"], ["2"]]


def test_what_comes_while_a_pass_runs_is_the_next_pass_in_the_order_it_came() -> None:
    gate = Gate()
    together = Together(gate.embed, most=3)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(together.encode, "0")]
        gate.begun.acquire()
        for n in range(1, 6):
            asked.append(threads.submit(together.encode, str(n)))
            while len(together._queue) < n:
                pass
        gate.open.release(3)
        assert [float(future.result(10)[0]) for future in asked] == [0, 1, 2, 3, 4, 5]
    assert gate.passes == [["0"], ["1", "2", "3"], ["4", "5"]]


def test_an_error_comes_to_the_questions_of_its_pass_and_to_no_other() -> None:
    gate = Gate()
    together = Together(gate.embed, most=2)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(together.encode, "0")]
        gate.begun.acquire()
        for n, question in enumerate(["1", "fails", "3"], start=1):
            asked.append(threads.submit(together.encode, question))
            while len(together._queue) < n:
                pass
        gate.open.release(3)
        first, second, third, fourth = asked
        assert (float(first.result(10)[0]), float(fourth.result(10)[0])) == (0, 3)
        for failed in (second, third):
            with pytest.raises(ValueError, match="as asked"):
                failed.result(10)
    gate.open.release()
    assert float(together.encode("4")[0]) == 4


def test_an_answer_is_remembered_for_exactly_its_request(seed_engine: Engine) -> None:
    question = QUESTIONS[0]
    first = seed_engine.ask(question)
    assert seed_engine.ask(f"  {question} ") is first
    assert len(seed_engine.ask(question, 2).passages) == 2
    assert seed_engine.ask(question, explain=True).passages[0].explanation is not None
    assert seed_engine.ask(question).passages[0].explanation is None


def test_a_change_of_the_library_is_answered_at_once(
    make_engine: MakeEngine, tiny_model: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "docs", one="The harbour froze in January.")
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, folder)
    assert len(engine.ask("harbour").passages) == 1
    write(folder, two="A new harbour was built in spring.")
    add(engine, folder)
    assert len(engine.ask("harbour").passages) == 2
    engine.remove([folder / "one.txt"])
    assert len(engine.ask("harbour").passages) == 1


def test_remembered_answers_are_bounded_and_the_oldest_go_first() -> None:
    remembered = Remembered(most=2)
    requests = [Request(str(n)) for n in range(3)]
    answers = [Answer(request.question, 1, (), None) for request in requests]
    remembered.keep(requests[0], answers[0])
    remembered.keep(requests[1], answers[1])
    assert remembered.get(1, requests[0]) is answers[0]
    remembered.keep(requests[2], answers[2])
    kept = [remembered.get(1, request) is not None for request in requests]
    assert kept == [True, False, True]


def test_answers_of_an_older_generation_are_not_given() -> None:
    remembered, request = Remembered(), Request("who")
    remembered.keep(request, Answer("who", 1, (), None))
    assert remembered.get(2, request) is None
    remembered.keep(request, Answer("who", 2, (), "newer"))
    remembered.keep(request, Answer("who", 1, (), None))
    assert remembered.get(1, request) is None
    newer = remembered.get(2, request)
    assert newer is not None
    assert newer.notice == "newer"


def test_passages_read_before_are_not_read_again_and_memory_is_bounded() -> None:
    asked: list[list[int]] = []

    def read(ids: Sequence[PassageId]) -> list[Candidate]:
        asked.append(list(ids))
        return [Candidate(id_, DocumentId(1), b"", b"", bytes(10)) for id_ in ids if id_ != 7]

    recent = Recent(most=30)

    def of(*ids: int) -> list[int]:
        return [one.id for one in recent.of([PassageId(id_) for id_ in ids], read)]

    assert of(1, 2) == [1, 2]
    assert of(1, 2, 3, 7) == [1, 2, 3]
    assert of(1) == [1]
    assert of(1, 4) == [1, 4]
    assert of(1, 2) == [1, 2]  # 2 was asked for the longest time ago
    assert asked == [[1, 2], [3, 7], [], [4], [2]]
    assert of(1, 2, 3, 4, 5) == [1, 2, 3, 4, 5]  # more than is held
