"""What a library holds, and what could not be read into it, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import add, local_client, write
from http_problems import got, problem

from api.app import create_app
from api.policy import Policy
from index.types import DocumentId, Metadata
from qa.engine import Engine
from qa.keys import Keys
from qa.settings import Settings

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

DATES = {"one": "2025", "two": "2025-10-08", "three": "2020-02"}


@pytest.fixture(scope="module")
def engine(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path
) -> Iterator[Engine]:
    """Over four documents, three of them dated, and five files that could not be read."""
    folder = tmp_path_factory.mktemp("library")
    sources = write(
        folder / "sources",
        one="The harbour froze in March, and nobody could leave the town before the spring.",
        two="The harbour thawed in April, and the first ships came in with the morning tide.",
        three="Le port était gelé en mars, et personne ne pouvait quitter la ville par la mer.",
        four="The harbour was sold in May to people who had never seen a ship before that day.",
    )
    for number in range(5):
        (sources / f"broken{number}.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    settings = Settings(folder / "library", cache, str(tiny_model), "cpu")
    with closing(Engine(settings)) as engine:
        add(engine, sources)
        for one in engine.documents():
            if date := DATES.get(one.path.stem):
                engine.edit(DocumentId(one.id), Metadata(date=date))
        yield engine


@pytest.fixture(scope="module")
def client(engine: Engine) -> TestClient:
    return local_client(create_app(engine))


def test_it_tells_what_there_is_to_choose_from(client: TestClient, engine: Engine) -> None:
    status = engine.status()
    assert got(client, "/v1/library") == {
        "documents": 4,
        "passages": status.passages,
        "languages": [{"language": "en", "documents": 3}, {"language": "fr", "documents": 1}],
        "date_from": "2020-02",
        "date_to": "2025",  # it counts to its end
        "generation": status.generation,
        "failures": 5,
        "can_write": True,
        "key": None,
    }


def test_who_asks_and_whether_they_may_change_things_is_told(
    engine: Engine, tmp_path: Path
) -> None:
    keys = Keys(tmp_path)
    secrets = {scope: keys.add(scope, scope) for scope in ("read", "write")}  # type: ignore[arg-type]
    client = local_client(create_app(engine, Policy(keys=keys)))
    for scope, secret in secrets.items():
        reply = client.get("/v1/library", headers={"authorization": f"Bearer {secret}"})
        assert reply.json()["can_write"] == (scope == "write")
        assert reply.json()["key"] == scope
    problem(client, 401, "GET", "/v1/library")


def test_a_library_without_documents_holds_nothing(library: Path, engine: Engine) -> None:
    empty = engine.beside(library)
    client = local_client(create_app(empty))
    assert problem(client, 503, "GET", "/v1/library")["code"] == "library-missing"
    empty.make_library()
    told = got(client, "/v1/library")
    empty.close()
    assert (told["documents"], told["languages"], told["date_from"]) == (0, [], None)


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_failures_are_walked_through_page_after_page(
    client: TestClient, engine: Engine, limit: int
) -> None:
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = got(client, "/v1/failures", limit=limit, **({"cursor": cursor} if cursor else {}))
        found += page["failures"]
        cursor, pages = page["next_cursor"], pages + 1
    assert pages == -(-5 // limit)
    assert found == [
        {"path": str(one.path), "code": one.code, "message": one.message, "remedy": one.remedy}
        for one in engine.failures()
    ]


def test_a_cursor_of_another_listing_is_refused(client: TestClient) -> None:
    other = got(client, "/v1/documents", limit=1)["next_cursor"]
    for cursor in (other, "x", ""):
        told = problem(client, 422, "GET", "/v1/failures", params={"cursor": cursor})
        assert told["code"] == "cursor-invalid"


@pytest.mark.parametrize("path", ["/v1/library", "/v1/failures"])
def test_unknown_parameters_are_refused(client: TestClient, path: str) -> None:
    problem(client, 422, "GET", path, params={"limt": 1})
