"""Documents over HTTP: listed, looked up, edited, removed; texts."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import add, local_client, write
from http_problems import problem
from made_files import made

from api.app import create_app
from index import library
from qa.engine import Engine
from qa.settings import Settings

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

TEXTS = {
    "old": "Title: Zebras\nDate: 2020-03-01\n\nThe embassy in the capital was opened that day.",
    "new": "Title: apples\nDate: 2025-10-08\n\nThe embassy in the capital was closed that day.",
    "undated": "The embassy in the capital is a house with a garden, and we like it.",
    "viet": "Title: Đại Sứ Quán\n\nĐại sứ quán ở thủ đô được bộ trưởng khai trương ngày hôm đó.",
}


def engine_in(folder: Path, model: Path, cache: Path) -> Engine:
    """An engine over those texts and a mail with an attachment."""
    settings = Settings(library=folder / "library", cache=cache, device="cpu", model=str(model))
    engine = Engine(settings)
    write(folder / "docs", **TEXTS)
    (folder / "docs" / "mail.eml").write_bytes(made(".eml", 8, 2))
    add(engine, folder / "docs")
    return engine


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path
) -> Iterator[TestClient]:
    """Over documents that no test changes."""
    with closing(engine_in(tmp_path_factory.mktemp("listed"), tiny_model, cache)) as engine:
        yield local_client(create_app(engine))


@pytest.fixture
def engine(tmp_path: Path, tiny_model: Path, cache: Path) -> Iterator[Engine]:
    """Over documents that the test may change."""
    with closing(engine_in(tmp_path, tiny_model, cache)) as engine:
        yield engine


@pytest.fixture
def changing(engine: Engine) -> TestClient:
    return local_client(create_app(engine))


def listed(client: TestClient, **parameters: Any) -> list[dict[str, Any]]:
    reply = client.get("/v1/documents", params=parameters)
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["documents"]
    return found


def found_names(client: TestClient, **parameters: Any) -> list[str]:
    return [Path(one["path"]).stem for one in listed(client, **parameters)]


def id_of(client: TestClient, name: str) -> int:
    return next(one["id"] for one in listed(client) if Path(one["path"]).name == name)


@pytest.mark.parametrize("sort", ["path", "title", "date", "id"])
@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize("limit", [1, 2, 5, 6, 7])
def test_pages_put_together_are_the_whole_list(
    client: TestClient, sort: str, order: str, limit: int
) -> None:
    asked = {"sort": sort, "order": order}
    whole = listed(client, **asked)
    assert len(whole) == 6
    pages, cursor = [], {}
    while cursor is not None:
        reply = client.get("/v1/documents", params=asked | {"limit": limit} | cursor).json()
        pages.append(reply["documents"])
        cursor = {"cursor": reply["next_cursor"]} if reply["next_cursor"] else None
    assert [one for page in pages for one in page] == whole
    assert all(len(page) == limit for page in pages[:-1])
    assert pages[-1]


def test_orders_are_those_of_people(client: TestClient) -> None:
    titles = [one["title"] for one in listed(client, sort="title") if one["title"]]
    assert [one for one in titles if one in {"Zebras", "apples", "Đại Sứ Quán"}] == [
        "apples",
        "Zebras",
        "Đại Sứ Quán",
    ]
    dates = [one["date"] for one in listed(client, sort="date", order="descending")]
    assert dates[:2] == ["2025-10-08", "2020-03-01"]
    ids = [one["id"] for one in listed(client, sort="id", order="descending")]
    assert ids == sorted(ids, reverse=True)


def test_what_comes_and_goes_neither_repeats_nor_hides_others(
    changing: TestClient, engine: Engine, tmp_path: Path
) -> None:
    first = changing.get("/v1/documents", params={"limit": 3}).json()
    seen = [one["path"] for one in first["documents"]]
    write(tmp_path / "docs", aaa="A text that sorts before all that were seen already.")
    (tmp_path / "docs" / Path(seen[-1]).name).unlink(missing_ok=True)  # the cursor stands on it
    add(engine, tmp_path / "docs")
    rest = listed(changing, cursor=first["next_cursor"])
    assert seen + [one["path"] for one in rest] == sorted(
        {*seen, *(one["path"] for one in listed(changing) if "aaa" not in one["path"])}
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "ZEBRA"}, {"old"}),
        ({"q": "đẠI sứ"}, {"viet"}),
        ({"q": "UNDATED.txt"}, {"undated"}),
        ({"q": "%"}, set()),
        ({"q": "' OR 1=1 --"}, set()),
        ({"glob": "*.eml"}, {"mail"}),
        ({"glob": ["*/old.txt", "*/new.txt"]}, {"old", "new"}),
        ({"date_from": "2025-01-01"}, {"new"}),
        ({"date_to": "2020-12-31"}, {"old"}),
        ({"date_from": "2020-01-01", "date_to": "2024-12-31", "q": "apples"}, set()),
        ({"language": "VI"}, {"viet"}),
    ],
)
def test_filters_let_only_some_through(
    client: TestClient, asked: dict[str, Any], expected: set[str]
) -> None:
    assert set(found_names(client, **asked)) == expected


def test_a_folder_lets_what_is_below_through(client: TestClient) -> None:
    docs = Path(listed(client)[0]["path"]).parent
    assert len(listed(client, path=str(docs))) == 6
    assert not listed(client, path=str(docs)[:-1])


@pytest.mark.parametrize(
    "asked",
    [
        {"limit": 0},
        {"limit": 1001},
        {"limit": "x"},
        {"offset": 3},
        {"sort": "path; DROP TABLE documents"},
        {"order": "desc"},
        {"path": ""},
        {"glob": ["x"] * 51},
        {"in": "/"},
        {"date_from": "yesterday"},
        {"date_from": "0"},
        {"date_to": "2025-10-08T00:00:00"},
        {"date_to": "2025-02-30"},
        {"q": "x" * 201},
        {"cursor": "x" * 30_001},
    ],
)
def test_what_is_no_listing_is_refused(client: TestClient, asked: dict[str, Any]) -> None:
    answered = problem(client, 422, "GET", "/v1/documents", params=asked)
    assert answered["code"] == "request-invalid"


def forged(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_cursor_of_ours_or_of_another_listing_is_refused(client: TestClient) -> None:
    cursor = client.get("/v1/documents", params={"limit": 1}).json()["next_cursor"]
    of, key, id_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    hostile = [
        "",
        "x",
        "%00",
        "é",
        "bnVsbA",
        forged(of),
        forged(of, 7, id_),
        forged(of, key, "1"),
        forged(of, key, True),
        forged(of, key, 2**70),
        forged(of, key, -1),
        forged(of, "\ud800", id_),
        forged("x", key, id_),
        base64.urlsafe_b64encode(b"[" * 20_000).decode().rstrip("="),
    ]
    for one in hostile:
        answered = problem(client, 422, "GET", "/v1/documents", params={"cursor": one})
        assert answered["code"] == "cursor-invalid", one
    other = {"cursor": cursor, "sort": "title"}
    assert problem(client, 422, "GET", "/v1/documents", params=other)["code"] == "cursor-invalid"


def test_a_document_is_looked_up_as_it_is_listed(client: TestClient) -> None:
    for one in listed(client):
        assert client.get(f"/v1/documents/{one['id']}").json() == one


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_document_is_not_found(client: TestClient, method: str) -> None:
    sent = {"json": {"title": "x"}} if method == "PATCH" else {}
    answered = problem(client, 404, method, "/v1/documents/999", **sent)
    assert answered["code"] == "document-missing"


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("id_", [0, -1, 2**53, "one", "1%2F..%2F2", "%ff"])
def test_what_can_be_no_id_is_refused(client: TestClient, method: str, id_: int | str) -> None:
    sent = {"json": {"title": "x"}} if method == "PATCH" else {}
    reply = client.request(method, f"/v1/documents/{id_}", **sent)
    assert reply.status_code in {404, 405, 422}
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "more"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/text")]
)
def test_unknown_parameters_are_refused(client: TestClient, method: str, more: str) -> None:
    sent = {"json": {"title": "x"}} if method == "PATCH" else {}
    problem(client, 422, method, f"/v1/documents/1{more}", params={"really": "1"}, **sent)
    assert client.get("/v1/documents/1").json()["title"] != "x"


def test_an_edit_holds_until_it_is_taken_back(changing: TestClient) -> None:
    path = f"/v1/documents/{id_of(changing, 'old.txt')}"
    before = changing.get(path).json()
    edits = {"title": "Renamed", "author": "Vongsa, Ana", "type": "report"}
    assert changing.patch(path, json=edits).json() == before | edits
    assert changing.patch(path, json={"title": None}).json() == before | edits | {"title": "Zebras"}
    assert changing.patch(path, json={}).json()["author"] == "Vongsa, Ana"
    assert changing.get(path).json()["title"] == "Zebras"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"sha256": "x"}, "request-invalid"),
        ({"path": "/etc/passwd"}, "request-invalid"),
        ({"title": 7}, "request-invalid"),
        ({"title": ""}, "request-invalid"),
        ({"title": "  "}, "request-invalid"),
        ({"title": "two\nlines"}, "request-invalid"),
        ({"title": "x" * 2001}, "request-invalid"),
        ({"url": "javascript:alert(1)"}, "request-invalid"),
        ([], "request-invalid"),
        ({"date": "soon"}, "metadata-invalid"),
        ({"doi": "x"}, "metadata-invalid"),
    ],
)
def test_what_is_no_edit_is_refused_and_changes_nothing(
    client: TestClient, body: Any, code: str
) -> None:
    before = client.get("/v1/documents/1").json()
    assert problem(client, 422, "PATCH", "/v1/documents/1", json=body)["code"] == code
    assert client.get("/v1/documents/1").json() == before


def test_how_long_a_text_may_be_is_said_in_characters(client: TestClient) -> None:
    for title, said in (("x" * 2001, "at most 2000 characters"), ("", "at least 1 character")):
        told = problem(client, 422, "PATCH", "/v1/documents/1", json={"title": title})
        assert told["detail"].endswith(said)


def test_a_removed_document_is_gone_and_its_file_is_not(
    changing: TestClient, engine: Engine
) -> None:
    old = changing.get(f"/v1/documents/{id_of(changing, 'old.txt')}").json()
    reply = changing.delete(f"/v1/documents/{old['id']}")
    assert (reply.status_code, reply.content) == (204, b"")
    assert "old" not in found_names(changing)
    assert Path(old["path"]).exists()
    problem(changing, 404, "GET", f"/v1/documents/{old['id']}/text")


def test_a_mail_takes_its_attachments_along_and_not_the_other_way(changing: TestClient) -> None:
    attached = id_of(changing, "attached.txt")
    answered = problem(changing, 409, "DELETE", f"/v1/documents/{attached}")
    assert answered["code"] == "document-inside"
    assert changing.delete(f"/v1/documents/{id_of(changing, 'mail.eml')}").status_code == 204
    assert not {"mail", "attached"} & set(found_names(changing))


def test_a_link_in_a_removed_files_place_removes_nothing_else(
    changing: TestClient, tmp_path: Path
) -> None:
    id_ = id_of(changing, "old.txt")
    (tmp_path / "docs" / "old.txt").unlink()
    (tmp_path / "docs" / "old.txt").symlink_to(tmp_path / "docs")
    assert changing.delete(f"/v1/documents/{id_}").status_code == 204
    assert len(listed(changing)) == 5


def test_while_another_writes_nothing_can_be_changed(changing: TestClient, engine: Engine) -> None:
    with library.write(engine.library):
        for method, sent in (("PATCH", {"json": {"title": "x"}}), ("DELETE", {})):
            answered = problem(changing, 503, method, "/v1/documents/1", **sent)
            assert answered["code"] == "library-locked"
    assert len(listed(changing)) == 6


def test_a_text_that_is_known_is_not_sent_again(client: TestClient) -> None:
    path = "/v1/documents/1/text"
    tags = []
    for span in ({}, {"start": 3}, {"end": 9}):
        reply = client.get(path, params=span)
        tags.append(reply.headers["etag"])
        for asked in (tags[-1], f'"x", {tags[-1].removeprefix("W/")}', "*"):
            again = client.get(path, params=span, headers={"if-none-match": asked})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tags[-1]
        assert client.get(path, params=span, headers={"if-none-match": '"x"'}).text == reply.text
    assert all(one != other for one, other in itertools.combinations(tags, 2))
