"""Drafts over HTTP."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from conftest import local_client
from made_files import docx, docx_paragraph

from api.app import create_app
from api.verification_schemas import MAX_DRAFT_CHARACTERS
from qa.engine import Engine

if TYPE_CHECKING:
    from starlette.testclient import TestClient

DRAFT = """\
The Lao people honour an “eminent leader of *Lao* people”, we read.\r
\r
> In the past century, the Korean people, upholding the noble intention of
> President Kim Il Sung, supported and encouraged the Lao folk both materially

He had “never once flown to Vientiane by balloon”, they say.
"""


@pytest.fixture(scope="module")
def client(seed_engine: Engine) -> Iterator[TestClient]:
    with local_client(create_app(seed_engine)) as client:
        yield client


def verified(client: TestClient, **body: Any) -> list[dict[str, Any]]:
    reply = client.post("/v1/verify", json=body)
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["quotations"]
    return found


def test_each_quotation_has_its_verdict_and_its_places(
    client: TestClient, seed_engine: Engine
) -> None:
    found = verified(client, text=DRAFT)
    assert [one["verdict"] for one in found] == ["exact", "altered", "not_found"]
    for one in found[:2]:
        cited = one["citation"]
        text = seed_engine.text(cited["document"]["id"])
        assert text[cited["start"] : cited["end"]] == cited["quote"]
        assert DRAFT[one["start"] : one["end"]].startswith(one["text"][:5])
    (change,) = found[1]["changes"]
    assert (change["draft"], change["source"]) == ("folk", "people")
    source = seed_engine.text(found[1]["citation"]["document"]["id"])
    assert source[change["source_start"] : change["source_end"]] == "people"
    assert found[1]["text"][change["draft_start"] : change["draft_end"]] == "folk"


def test_plain_text_keeps_its_asterisks(client: TestClient) -> None:
    assert verified(client, text=DRAFT, format="text")[0]["verdict"] != "exact"


def test_filters_choose_the_sources(client: TestClient) -> None:
    found = verified(client, text=DRAFT, filters={"glob": ["*/001_*.txt"]})
    assert {one["verdict"] for one in found} == {"not_found"}


def test_a_minimum_of_words_leaves_shorter_ones_out(client: TestClient) -> None:
    reply = client.post("/v1/verify", json={"text": DRAFT, "min_words": 12}).json()
    assert (len(reply["quotations"]), reply["short"]) == (1, 2)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": 3},
        {"text": "x", "min_words": 0},
        {"text": "x", "format": "docx"},
        {"text": "x", "nonsense": 1},
        {"text": "x" * (MAX_DRAFT_CHARACTERS + 1)},
    ],
)
def test_what_is_no_draft_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    reply = client.post("/v1/verify", json=body)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"


def test_half_of_a_character_is_refused(client: TestClient) -> None:
    reply = client.post(
        "/v1/verify",
        content=b'{"text": "\\ud800 one two three four"}',
        headers={"content-type": "application/json"},
    )
    assert reply.status_code == 422


def sent(name: str, data: bytes) -> dict[str, str]:
    return {"name": name, "data": base64.b64encode(data).decode()}


def test_a_drafts_file_is_read_and_nothing_is_kept(engine: Engine) -> None:
    client = local_client(create_app(engine))
    file = sent("../chapter.docx", docx(docx_paragraph("He said “so it was” that year.")))
    reply = client.post("/v1/drafts", json=file)
    assert reply.status_code == 200, reply.text
    assert reply.json()["text"].strip() == "He said “so it was” that year."
    assert not engine.library.exists()


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("song.mp3", b"la", 415, "format-unknown"),
        ("chapter.docx", b"no archive", 422, "file-damaged"),
        ("///", b"", 422, "name-invalid"),
    ],
    ids=["format", "damaged", "name"],
)
def test_a_file_that_is_no_draft_is_refused_without_its_place(
    client: TestClient, name: str, data: bytes, status: int, code: str
) -> None:
    reply = client.post("/v1/drafts", json=sent(name, data))
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert reply.json()["remedy"]
    assert "quaere-draft" not in reply.text
    if code == "file-damaged":
        detail, remedy = reply.json()["detail"], reply.json()["remedy"]
        assert detail.startswith("chapter.docx: ")
        assert remedy not in detail
