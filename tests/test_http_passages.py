"""Single passages over HTTP: their words, what stands around them, their citations; links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from conftest import local_client
from http_problems import got, problem

from api.app import create_app
from qa import citing
from qa.engine import Engine

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

QUESTION = "Who visited Pyongyang?"


@pytest.fixture(scope="module")
def client(seed_engine: Engine) -> Iterator[TestClient]:
    with local_client(create_app(seed_engine)) as client:
        yield client


@pytest.fixture(scope="module")
def cited(client: TestClient) -> list[dict[str, Any]]:
    """The citations of an answer."""
    answer = client.post("/v1/ask", json={"question": QUESTION, "limit": 20}).json()
    return [passage["citation"] for passage in answer["passages"]]


def test_a_passage_of_an_answer_is_found_by_its_id(
    client: TestClient, cited: list[dict[str, Any]]
) -> None:
    for one in cited:
        assert got(client, f"/v1/passages/{one['id']}") == one | {"best_sentence": None}


def test_neighbours_lead_through_the_whole_document(
    client: TestClient, seed_engine: Engine
) -> None:
    document = max(seed_engine.documents(), key=lambda one: one.passages)
    start = seed_engine.ask(QUESTION, 100).passages
    id_ = next(p.citation.id for p in start if p.citation.document.id == document.id)
    while before := got(client, f"/v1/passages/{id_}/neighbours")["before"]:
        id_ = before[0]["id"]
    ends, seen = [], 1
    while after := got(client, f"/v1/passages/{id_}/neighbours", count=1)["after"]:
        id_ = after[0]["id"]
        ends.append(after[0]["start"])
        seen += 1
    assert seen == document.passages
    assert ends == sorted(ends)


def test_several_neighbours_come_in_the_texts_order(
    client: TestClient, cited: list[dict[str, Any]]
) -> None:
    for one in cited:
        around = got(client, f"/v1/passages/{one['id']}/neighbours", count=10)
        starts = [p["start"] for p in (*around["before"], one, *around["after"])]
        assert starts == sorted(set(starts))
        assert {p["document"]["id"] for p in around["before"] + around["after"]} <= {
            one["document"]["id"]
        }
        assert len(around["before"]) <= 10
        assert len(around["after"]) <= 10


@pytest.mark.parametrize("style", citing.ALL_STYLES)
def test_a_citation_says_over_http_what_the_command_prints(
    client: TestClient, seed_engine: Engine, cited: list[dict[str, Any]], style: str
) -> None:
    id_ = cited[0]["id"]
    shown = got(client, f"/v1/passages/{id_}/citation", style=style)
    assert shown["style"] == style
    assert (shown["in_text"] is None) == (style in citing.EXPORTS)
    parts = [part for part in (shown["in_text"], shown["text"]) if part is not None]
    assert "\n\n".join(parts) == citing.formatted(seed_engine.cite(id_), style)


def test_apa_is_the_style_unless_another_is_named(
    client: TestClient, cited: list[dict[str, Any]]
) -> None:
    path = f"/v1/passages/{cited[0]['id']}/citation"
    assert got(client, path) == got(client, path, style="apa")


@pytest.mark.parametrize("more", ["", "/neighbours", "/citation"])
def test_an_unknown_passage_is_not_found(client: TestClient, more: str) -> None:
    answered = problem(client, 404, "GET", f"/v1/passages/{'0' * 16}{more}")
    assert answered["code"] == "passage-missing"


@pytest.mark.parametrize(
    "id_", ["1", "x" * 16, "A" * 16, "0" * 17, "0" * 16 + "%0A", "%00" * 16, "a" * 5000, "%27--"]
)
@pytest.mark.parametrize("more", ["", "/neighbours", "/citation"])
def test_what_can_be_no_passages_id_is_refused(client: TestClient, id_: str, more: str) -> None:
    answered = problem(client, 422, "GET", f"/v1/passages/{id_}{more}")
    assert answered["code"] == "request-invalid"


@pytest.mark.parametrize("count", ["0", "11", "-1", "x", "", "1.5", "9" * 5000])
def test_a_count_out_of_bounds_is_refused(
    client: TestClient, cited: list[dict[str, Any]], count: str
) -> None:
    path = f"/v1/passages/{cited[0]['id']}/neighbours"
    problem(client, 422, "GET", path, params={"count": count})


def test_an_unknown_style_is_refused_and_the_known_ones_named(
    client: TestClient, cited: list[dict[str, Any]]
) -> None:
    path = f"/v1/passages/{cited[0]['id']}/citation"
    answered = problem(client, 422, "GET", path, params={"style": "../apa"})
    assert "chicago-notes" in answered["detail"]


@pytest.mark.parametrize(
    "path", ["/v1/passages/{}", "/v1/passages/{}/neighbours", "/v1/passages/{}/citation", "/v1/ask"]
)
def test_unknown_parameters_are_refused_by_name(
    client: TestClient, cited: list[dict[str, Any]], path: str
) -> None:
    sent = {"q": QUESTION, "stile": "apa"} if path == "/v1/ask" else {"stile": "apa"}
    answered = problem(client, 422, "GET", path.format(cited[0]["id"]), params=sent)
    assert answered["code"] == "request-invalid"
    assert "query.stile" in answered["detail"]


def test_a_link_asks_what_a_post_asks(client: TestClient) -> None:
    posted = client.post("/v1/ask", json={"question": QUESTION, "limit": 2}).json()
    assert got(client, "/v1/ask", q=QUESTION, limit=2) == posted


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, "request-invalid"),
        ({"q": ""}, "question-empty"),
        ({"q": "x" * 2001}, "question-too-long"),
        ({"q": "Who?", "limit": 0}, "request-invalid"),
        ({"q": "Who?", "limit": 101}, "request-invalid"),
    ],
)
def test_a_link_that_asks_nothing_is_refused(
    client: TestClient, sent: dict[str, Any], code: str
) -> None:
    assert problem(client, 422, "GET", "/v1/ask", params=sent)["code"] == code
