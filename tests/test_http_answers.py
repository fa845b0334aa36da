from __future__ import annotations

import json
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import SEEDS, MakeEngine, add, local_client, seed_questions, write
from http_problems import problem

from api.app import create_app
from api.examples import ANSWER, REQUEST
from index.catalog import FILE_NAME
from index.types import Document, DocumentId
from qa.engine import Engine
from qa.rendering import answer_as_json
from qa.settings import Settings
from qa.types import MAX_LIMIT

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

QUESTION = "Who visited Pyongyang?"
QUESTIONS = [one["question"] for one in seed_questions()]


@pytest.fixture
def client(seed_engine: Engine) -> TestClient:
    return local_client(create_app(seed_engine))


@pytest.fixture
def client_without_library(tmp_path: Path, make_engine: MakeEngine) -> TestClient:
    return local_client(create_app(make_engine(tmp_path / "library")))


def ask(client: TestClient, question: str, **fields: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **fields})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_wire_carries_what_the_engine_answers(
    client: TestClient, seed_engine: Engine, question: str
) -> None:
    answer = seed_engine.ask(question, 3)
    assert ask(client, question, limit=3) == json.loads(answer_as_json(answer))


@pytest.mark.parametrize("question", QUESTIONS)
def test_quotes_stand_in_the_canonical_text_and_in_the_file(
    client: TestClient, question: str
) -> None:
    for passage in ask(client, question)["passages"]:
        document = passage["citation"]["document"]
        with Path(document["path"]).open(encoding="utf-8", newline="") as file:
            source = file.read()
        for place in (passage["citation"], passage["citation"]["best_sentence"]):
            span = {"start": place["start"], "end": place["end"]}
            text = client.get(f"/v1/documents/{document['id']}/text", params=span).json()
            assert text == {"document_id": document["id"], **span, "text": place["quote"]}
            assert source[place["start"] : place["end"]] == place["quote"]


def test_passages_come_best_first_and_numbered(client: TestClient) -> None:
    passages = ask(client, QUESTION, limit=20)["passages"]
    assert [passage["rank"] for passage in passages] == list(range(1, 21))
    assert all(a["score"] >= b["score"] for a, b in pairwise(passages))


@pytest.mark.parametrize("limit", [1, 2, 7])
def test_no_more_passages_than_asked_for(client: TestClient, limit: int) -> None:
    assert len(ask(client, QUESTION, limit=limit)["passages"]) == limit


def test_the_largest_limit_may_give_every_passage(client: TestClient, seed_engine: Engine) -> None:
    passages = ask(client, QUESTION, limit=MAX_LIMIT)["passages"]
    assert len(passages) == seed_engine.status().passages


def test_the_published_example_is_what_the_seeds_answer(client: TestClient) -> None:
    (passage,) = ask(client, **REQUEST)["passages"]
    (published,) = ANSWER["passages"]
    document = passage["citation"]["document"]
    assert Path(document["path"]).name == Path(published["citation"]["document"]["path"]).name
    shown_here = {"id": document["id"], "path": document["path"]}
    citation = published["citation"]
    links = {
        "reader": f"/documents/{document['id']}#c=0-736",
        "file": Path(document["path"]).as_uri(),
        "web": None,
    }
    assert passage["citation"] == citation | {
        "document": citation["document"] | shown_here,
        "links": links,
    }
    shown, around = passage["neighbours"], published["neighbours"]
    assert (shown["before"], len(shown["after"])) == ([], 1)
    for field in around["after"][0].keys() - {"document", "links"}:
        assert shown["after"][0][field] == around["after"][0][field]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("", "question-empty"),
        (" \t\n", "question-empty"),
        ("?!… —", "question-empty"),
        ("Pyongyang " * 10_000, "question-too-long"),
    ],
    ids=["empty", "blank", "punctuation", "100,000 characters"],
)
def test_a_question_without_words_or_end_is_refused(
    client: TestClient, question: str, code: str
) -> None:
    assert problem(client, 422, "POST", "/v1/ask", json={"question": question})["code"] == code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"Who?"',
        b'{"question": "Who',
        b'{"question": "\xff"}',
        b"[" * 100_000,
        b"{}",
        b'{"question": null}',
        b'{"question": 7}',
        b'{"question": ["Who?"]}',
        b'{"question": "Who \\ud800?"}',
        b'{"question": "Who?", "k": 3}',
        b'{"question": "Who?", "\\ud800": 3}',
        b'{"question": "Who?", "limit": 0}',
        b'{"question": "Who?", "limit": 101}',
        b'{"question": "Who?", "limit": -1}',
        b'{"question": "Who?", "limit": "5"}',
        b'{"question": "Who?", "limit": true}',
        b'{"question": "Who?", "limit": 2.5}',
        b'{"question": "Who?", "limit": NaN}',
        b'{"question": "Who?", "filters": {"date_from": 0}}',
        b'{"question": "Who?", "filters": {"date_from": "0"}}',
        b'{"question": "Who?", "filters": {"date_to": true}}',
        b'{"question": "Who?", "filters": {"document_ids": [1.5]}}',
        b'{"question": "Who?", "limit": 1e999}',
        b'{"question": "Who?", "min_score": -0.1}',
        b'{"question": "Who?", "min_score": 1.1}',
        b'{"question": "Who?", "min_score": NaN}',
        b'{"question": "Who?", "min_score": "0.5"}',
        b'{"question": "Who?", "context": 6}',
        b'{"question": "Who?", "context": -1}',
        b'{"question": "Who?", "context": true}',
        b'{"question": "Who?", "limit": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda body: body[:40],
)
def test_a_body_that_is_no_request_is_refused(client: TestClient, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answered = problem(client, 422, "POST", "/v1/ask", content=body, headers=headers)
    assert answered["code"] == "request-invalid"


def test_a_form_is_refused(client: TestClient) -> None:
    """As what curl sends unless it is told the type, whose remedy must not be guessed."""
    for sent in (
        {"data": {"question": QUESTION}},
        {"content": json.dumps({"question": QUESTION}), "headers": {"content-type": "text/plain"}},
        {"content": json.dumps({"question": QUESTION})},
    ):
        told = problem(client, 422, "POST", "/v1/ask", **sent)
        assert "Content-Type: application/json" in told["remedy"]
    told = problem(client, 422, "POST", "/v1/ask", json=[QUESTION])
    assert "Content-Type" not in told["remedy"]


@pytest.mark.parametrize(
    "question",
    ["Who\0?", "AND OR NOT title:x* +(-", "金日成", "e\u0301\u200f 1", "🎉 a", "x" * 2000],
    ids=ascii,
)
def test_odd_questions_are_answered(client: TestClient, question: str) -> None:
    assert ask(client, question, limit=1)["question"] == question


def test_a_whole_number_may_be_written_with_a_point(client: TestClient) -> None:
    body = b'{"question": "Who?", "limit": 2.0, "filters": {"document_ids": [1.0]}}'
    headers = {"content-type": "application/json"}
    answered = client.post("/v1/ask", content=body, headers=headers)
    assert answered.status_code == 200
    assert len(answered.json()["passages"]) == 2


def test_documents_are_listed_by_path(client: TestClient, seed_engine: Engine) -> None:
    documents = client.get("/v1/documents").json()["documents"]
    for shown, one in zip(documents, seed_engine.documents(), strict=True):
        stored = asdict(one)
        metadata = stored.pop("metadata")
        assert shown == stored | metadata | {"path": str(one.path)}
    paths = [one["path"] for one in documents]
    assert paths == sorted(str(path) for path in SEEDS.glob("*.txt"))


def test_a_text_is_given_whole_or_in_part(client: TestClient, seed_engine: Engine) -> None:
    for document in seed_engine.documents():
        path = f"/v1/documents/{document.id}/text"
        whole = client.get(path).json()
        assert (whole["start"], whole["end"]) == (0, document.length)
        assert client.get(path, params={"start": 7}).json()["text"] == whole["text"][7:]
        assert client.get(path, params={"end": 7}).json()["text"] == whole["text"][:7]
        assert client.get(path, params={"start": 7, "end": 7}).json()["text"] == ""


@pytest.mark.parametrize("id_", [10**6, 2**53 - 1])
def test_an_unknown_document_is_not_found(client: TestClient, id_: int) -> None:
    answered = problem(client, 404, "GET", f"/v1/documents/{id_}/text")
    assert answered["code"] == "document-missing"


@pytest.mark.parametrize("id_", [0, -1, 2**53, 2**70, "one", "1.5", "%ff"])
def test_what_can_be_no_id_is_refused(client: TestClient, id_: int | str) -> None:
    answered = problem(client, 422, "GET", f"/v1/documents/{id_}/text")
    assert answered["code"] == "request-invalid"


@pytest.mark.parametrize("span", [{"start": 5, "end": 4}, {"start": 10**6}, {"end": 2**70}])
def test_offsets_outside_the_text_are_refused(client: TestClient, span: dict[str, int]) -> None:
    answered = problem(client, 422, "GET", "/v1/documents/1/text", params=span)
    assert answered["code"] == "offsets-invalid"


@pytest.mark.parametrize("value", ["-1", "", "x", "null", "9" * 5000], ids=lambda value: value[:5])
@pytest.mark.parametrize("name", ["start", "end"])
def test_what_can_be_no_offset_is_refused(client: TestClient, name: str, value: str) -> None:
    answered = problem(client, 422, "GET", "/v1/documents/1/text", params={name: value})
    assert answered["code"] == "request-invalid"


@pytest.mark.parametrize(
    "path", ["/nothing", "/web/nothing", "/v1/ask/more", "/v1/documents/1/more", "/%ff"]
)
def test_an_unknown_path_is_a_problem(client: TestClient, path: str) -> None:
    assert problem(client, 404, "GET", path)["code"] == "not-found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/verify", "POST"),
        ("DELETE", "/v1/documents", "GET, HEAD, POST"),
        ("POST", "/health", "GET, HEAD"),
        ("PUT", "/v1/ask", "GET, HEAD, POST"),
        ("PUT", "/v1/documents/1", "DELETE, GET, HEAD, PATCH"),
    ],
)
def test_a_wrong_method_is_a_problem(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    assert problem(client, 405, method, path)["code"] == "method-not-allowed"
    assert client.request(method, path).headers["allow"] == allowed


def test_a_service_with_documents_is_alive_and_ready(
    client: TestClient, seed_engine: Engine
) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    generation = seed_engine.status().generation
    assert client.get("/ready").json() == {"status": "ready", "generation": generation}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/ready"),
        ("GET", "/v1/documents"),
        ("GET", "/v1/documents/1/text"),
        ("POST", "/v1/ask"),
    ],
)
def test_without_a_library_the_service_is_unavailable(
    client_without_library: TestClient, method: str, path: str
) -> None:
    sent = {"json": {"question": QUESTION}} if method == "POST" else {}
    answered = problem(client_without_library, 503, method, path, **sent)
    assert answered["code"] == "library-missing"


def test_without_a_library_the_service_is_alive(client_without_library: TestClient) -> None:
    assert client_without_library.get("/health").status_code == 200


def test_a_library_made_while_serving_is_found(
    client_without_library: TestClient, tmp_path: Path, make_engine: MakeEngine
) -> None:
    client = client_without_library
    problem(client, 503, "GET", "/ready")
    sources = write(tmp_path / "sources", a="The harbour froze in March.")
    add(make_engine(tmp_path / "library"), sources)
    assert ask(client, "When did the harbour freeze?")["generation"] == 1
    assert client.get("/ready").status_code == 200


def test_a_damaged_library_is_a_problem_with_its_own_code(
    tmp_path: Path, make_engine: MakeEngine
) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    client = local_client(create_app(make_engine(tmp_path)))
    assert problem(client, 500, "GET", "/v1/documents")["code"] == "library-damaged"


def test_what_nobody_foresaw_is_a_problem_without_internals(tmp_path: Path) -> None:
    class Failing(Engine):
        def document(self, id_: DocumentId) -> Document:
            raise RuntimeError(f"internals {id_}")

    failing = Failing(Settings(library=tmp_path, cache=tmp_path))
    client = local_client(create_app(failing), raise_server_exceptions=False)
    answered = problem(client, 500, "GET", "/v1/documents/1")
    assert answered["code"] == "internal-error"
    assert "internals" not in json.dumps(answered)
