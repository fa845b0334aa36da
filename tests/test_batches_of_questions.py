"""Several questions in one request: each as alone, in order, and nobody else kept waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from conftest import MakeEngine, local_client, seed_questions
from http_problems import problem

from api.app import create_app
from index.errors import QuestionEmpty, QuestionTooLong
from index.types import Filters
from qa.engine import Engine
from qa.together import Together
from qa.turns import Turns
from qa.types import Answer, Request

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from index.types import Float32

QUESTIONS = [one["question"] for one in seed_questions()]
BATCH = "/v1/ask:batch"


@pytest.fixture(scope="module")
def client(seed_engine: Engine) -> Iterator[TestClient]:
    with local_client(create_app(seed_engine)) as client:
        yield client


def rounded(value: Any) -> Any:
    """Questions embedded together are padded, which moves the last bits of scores."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def asked(number: int, question: str) -> dict[str, Any]:
    """A request with some of everything."""
    filters = {"glob": ["*.txt"], "language": ["en"]} if number % 2 else {}
    return {
        "question": question,
        "limit": 1 + number % 4,
        "filters": filters,
        "per_document": None if number % 3 else 1,
        "min_score": 0.7 if number % 5 == 0 else 0,
        "explain": number % 4 == 0,
        "context": number % 3,
    }


def test_every_question_is_answered_as_it_is_alone(
    client: TestClient, make_engine: MakeEngine, seed_engine: Engine
) -> None:
    bodies = [asked(number, question) for number, question in enumerate(QUESTIONS)]
    answered = client.post(BATCH, json={"questions": bodies})
    assert answered.status_code == 200
    fresh = local_client(create_app(make_engine(seed_engine.library)))
    alone = [fresh.post("/v1/ask", json=body).json() for body in bodies]
    assert rounded(answered.json()["answers"]) == rounded(
        [{"answer": one, "problem": None} for one in alone]
    )


def test_a_question_that_cannot_be_answered_costs_the_others_nothing(client: TestClient) -> None:
    questions = ["", QUESTIONS[0], "x" * 2001, "?!", QUESTIONS[1]]
    answers = client.post(BATCH, json={"questions": [{"question": q} for q in questions]}).json()
    told = [one["problem"] and one["problem"]["code"] for one in answers["answers"]]
    assert told == ["question-empty", None, "question-too-long", "question-empty", None]
    for question, one in zip(questions, answers["answers"], strict=True):
        if one["problem"]:
            alone = problem(client, 422, "POST", "/v1/ask", json={"question": question})
            own = {"request_id": one["problem"]["request_id"]}
            assert (one["answer"], one["problem"]) == (None, alone | own)
        else:
            assert one["answer"] == client.post("/v1/ask", json={"question": question}).json()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"questions": []},
        {"questions": [{"question": "Who?"}] * 51},
        {"questions": ["Who?"]},
        {"questions": [{"question": "Who?"}, {"question": "Who?", "limit": 0}]},
        {"questions": [{"question": "Who?"}], "limit": 5},
        {"questions": [{"question": "Who?", "limit": 100, "context": 5}] * 5},
    ],
    ids=["nothing", "none", "51", "no object", "one wrong", "limit of all", "5,500 passages"],
)
def test_what_is_no_batch_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert problem(client, 422, "POST", BATCH, json=body)["code"] == "request-invalid"


def test_fifty_questions_are_not_too_many(client: TestClient) -> None:
    answers = client.post(BATCH, json={"questions": [{"question": "Who?"}] * 50}).json()["answers"]
    assert len(answers) == 50
    assert all(one == answers[0] for one in answers)


def test_a_batch_without_a_library_is_one_problem(make_engine: MakeEngine, tmp_path: Any) -> None:
    nowhere = local_client(create_app(make_engine(tmp_path / "library")))
    sent = {"questions": [{"question": "Who?"}]}
    assert problem(nowhere, 503, "POST", BATCH, json=sent)["code"] == "library-missing"


def test_the_engine_tells_what_is_wrong_with_a_question(seed_engine: Engine) -> None:
    empty, answer, long = seed_engine.ask_all(
        [Request(" "), Request(QUESTIONS[0]), Request("x" * 2001)]
    )
    assert isinstance(empty, QuestionEmpty)
    assert isinstance(long, QuestionTooLong)
    assert answer is seed_engine.ask(QUESTIONS[0])


def test_a_question_that_comes_twice_is_answered_once(seed_engine: Engine) -> None:
    question = "Who was received at the palace of congresses?"
    first, second, other = seed_engine.ask_all(
        [Request(question), Request(f" {question}"), Request(question, filters=Filters(("/x",)))]
    )
    assert first is second
    assert isinstance(other, Answer)
    assert other.passages == ()


def embedding(passes: list[list[str]], seconds: float = 0.0) -> Any:
    def embed(questions: Sequence[str]) -> Float32:
        passes.append(list(questions))
        time.sleep(seconds)
        return np.array([[float(question)] for question in questions], dtype=np.float32)

    return embed


def test_many_questions_are_embedded_in_as_few_passes_as_may_be() -> None:
    passes: list[list[str]] = []
    vectors = Together(embedding(passes), most=8).encode_all([str(n) for n in range(20)])
    assert [float(vector[0]) for vector in vectors] == list(range(20))
    assert [len(one) for one in passes] == [8, 8, 4]


def test_a_question_that_comes_while_many_are_embedded_waits_for_one_pass() -> None:
    passes: list[list[str]] = []
    together = Together(embedding(passes, 0.05), most=4)
    with ThreadPoolExecutor() as pool:
        many = pool.submit(together.encode_all, [str(n) for n in range(20)])
        while not passes:
            time.sleep(0.001)
        assert float(together.encode("99")[0]) == 99
        assert len(passes) <= 3
        assert [float(vector[0]) for vector in many.result()] == list(range(20))


def test_batches_that_meet_each_get_their_own_vectors() -> None:
    passes: list[list[str]] = []
    together = Together(embedding(passes, 0.001), most=4)
    batches = [[str(100 * k + n) for n in range(k)] for k in range(1, 12)]
    with ThreadPoolExecutor(len(batches)) as pool:
        for batch, vectors in zip(batches, pool.map(together.encode_all, batches), strict=True):
            assert [f"{vector[0]:.0f}" for vector in vectors] == batch
    assert max(len(one) for one in passes) <= 4


def test_a_question_is_answered_while_a_batch_is_in_work(seed_engine: Engine) -> None:
    batch = [Request(f"Who met whom in the year {1900 + n}?", 20) for n in range(50)]
    with ThreadPoolExecutor() as pool:
        seed_engine.warm_up()
        many = pool.submit(seed_engine.ask_all, batch)
        waited = 0
        while not many.done():
            seed_engine.ask(f"Which city was visited, {waited}?")
            waited += 1
        assert len(many.result()) == 50
    assert waited >= 10


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order = Turns(), list[str]()

    def often() -> None:
        for _ in range(20):
            with turns:
                order.append("often")
                time.sleep(0.005)

    def once() -> None:
        with turns:
            order.append("once")

    with ThreadPoolExecutor() as pool:
        first = pool.submit(often)
        while not order:
            time.sleep(0.0001)
        pool.submit(once).result()
        first.result()
    assert order.index("once") <= 3


def test_turns_are_taken_by_one_thread_at_a_time() -> None:
    turns, inside, most = Turns(), [0], [0]

    def enter() -> None:
        for _ in range(50):
            with turns:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)
                inside[0] -= 1

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == ([0], [1])


def test_what_fails_inside_a_turn_lets_the_next_one_in() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="inside"), turns:
        raise ValueError("inside")
    with turns:
        pass
