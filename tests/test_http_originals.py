"""Documents' files over HTTP: the bytes that were indexed and no others, and nothing in them runs."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import SEEDS, add, local_client
from http_problems import problem
from made_files import made, pdf
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from api.app import create_app
from api.delivery import FilePart
from index.errors import PageNotDrawn
from index.page_images import PageDrawer
from index.types import Document, DocumentId, Metadata
from qa.engine import Engine
from qa.settings import Settings

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from starlette.types import Message

TEXT = "The harbour froze in March, and the ships stayed out at sea."
HOSTILE = "<html><body><script>alert(1)</script><p>The harbour froze in March.</p></body></html>"
FILES = {
    "a.txt": TEXT.encode(),
    "latin.txt": "The café by the harbour was closed in March, as it was très cold.".encode(
        "latin-1"
    ),
    "evil.html": HOSTILE.encode(),
    'Hä fen;".md': f"# Harbour\n\n{TEXT}".encode(),
    "p.pdf": made(".pdf", 4, 1),
    "mail.eml": made(".eml", 8, 2),
    "long.pdf": pdf(b"BT /F 12 Tf 72 700 Td (The harbour froze in March.) Tj ET", height=14_000),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("originals") / "docs"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def engine(folder: Path, tiny_model: Path, cache: Path) -> Iterator[Engine]:
    library = folder.parent / "library"
    settings = Settings(library=library, cache=cache, device="cpu", model=str(tiny_model))
    with closing(Engine(settings)) as engine:
        assert not add(engine, folder).failed
        yield engine


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[TestClient]:
    with local_client(create_app(engine)) as client:
        yield client


def path_of(engine: Engine, name: str) -> str:
    return next(f"/v1/documents/{one.id}" for one in engine.documents() if one.path.name == name)


def original_of(engine: Engine, name: str) -> str:
    return f"{path_of(engine, name)}/original"


@pytest.mark.parametrize("name", list(FILES))
def test_the_bytes_are_the_files(client: TestClient, engine: Engine, name: str) -> None:
    reply = client.get(original_of(engine, name))
    assert reply.status_code == 200
    assert reply.content == FILES[name]
    assert reply.headers["content-length"] == str(len(FILES[name]))
    assert reply.headers["etag"] == f'"{hashlib.sha256(FILES[name]).hexdigest()}"'


def test_a_seed_is_what_lies_on_disk(seed_engine: Engine) -> None:
    client = local_client(create_app(seed_engine))
    first = seed_engine.documents()[0]
    reply = client.get(f"/v1/documents/{first.id}/original")
    assert reply.content == (SEEDS / first.path.name).read_bytes()


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [
        ("a.txt", "text/plain; charset=utf-8", "inline; filename*=UTF-8''a.txt"),
        ("latin.txt", "text/plain", "inline; filename*=UTF-8''latin.txt"),
        ("p.pdf", "application/pdf", "inline; filename*=UTF-8''p.pdf"),
        ("evil.html", "application/octet-stream", "attachment; filename*=UTF-8''evil.html"),
        (
            'Hä fen;".md',
            "application/octet-stream",
            "attachment; filename*=UTF-8''H%C3%A4%20fen%3B%22.md",
        ),
    ],
)
def test_nothing_in_a_file_runs(
    client: TestClient, engine: Engine, name: str, kind: str, disposition: str
) -> None:
    headers = client.get(original_of(engine, name)).headers
    assert headers["content-type"] == kind
    assert headers["content-disposition"] == disposition
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert ("sandbox" in headers["content-security-policy"]) == (name != "p.pdf")


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=4-10", (4, 11)),
        ("bytes=50-", (50, 60)),
        ("bytes=-7", (53, 60)),
        ("bytes=-999", (0, 60)),
        ("bytes=10-999999999999999999", (10, 60)),
    ],
)
def test_a_range_is_part_of_the_file(
    client: TestClient, engine: Engine, asked: str, span: tuple[int, int]
) -> None:
    start, end = span
    reply = client.get(original_of(engine, "a.txt"), headers={"range": asked})
    assert reply.status_code == 206
    assert reply.content == FILES["a.txt"][start:end]
    assert reply.headers["content-range"] == f"bytes {start}-{end - 1}/60"
    assert reply.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    "asked",
    ["bytes=5-4", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=x", "bytes=" + "9" * 5000],
)
def test_what_is_no_single_range_gets_everything(
    client: TestClient, engine: Engine, asked: str
) -> None:
    reply = client.get(original_of(engine, "a.txt"), headers={"range": asked})
    assert (reply.status_code, reply.content) == (200, FILES["a.txt"])


@pytest.mark.parametrize("asked", ["bytes=60-", "bytes=99-100", "bytes=-0"])
def test_a_range_after_the_end_is_refused(client: TestClient, engine: Engine, asked: str) -> None:
    path = original_of(engine, "a.txt")
    answered = problem(client, 416, "GET", path, headers={"range": asked})
    assert answered["code"] == "range-not-satisfiable"
    assert client.get(path, headers={"range": asked}).headers["content-range"] == "bytes */60"


@pytest.mark.parametrize("more", ["/original", "/text", "", "/pages/1.png"])
@pytest.mark.parametrize("coding", ["br", "identity"])
def test_head_tells_what_get_would_without_the_body(
    client: TestClient, engine: Engine, more: str, coding: str
) -> None:
    path = original_of(engine, "p.pdf").removesuffix("/original") + more
    headers = {"accept-encoding": coding}
    whole, head = (client.request(one, path, headers=headers) for one in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert whole.content
    for reply in (whole, head):
        del reply.headers["x-request-id"]
    assert head.headers == whole.headers


def test_a_file_is_closed_where_the_client_has_gone_before_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def unread(_: Message) -> None:
        await asyncio.sleep(3600)

    file = path.open("rb")
    scope = {"type": "http", "asgi": {"spec_version": "2.3"}}
    asyncio.run(FilePart(file, range(5), 200, {})(scope, gone, unread))
    assert file.closed


def test_a_range_of_another_version_gets_everything(client: TestClient, engine: Engine) -> None:
    path = original_of(engine, "a.txt")
    tag = client.get(path).headers["etag"]
    for version, status in ((tag, 206), ('"other"', 200), ("Wed, 21 Oct 2015 07:28:00 GMT", 200)):
        headers = {"range": "bytes=0-3", "if-range": version}
        assert client.get(path, headers=headers).status_code == status


def test_a_file_that_is_known_is_not_sent_again(client: TestClient, engine: Engine) -> None:
    path = original_of(engine, "p.pdf")
    tag = client.get(path).headers["etag"]
    reply = client.get(path, headers={"if-none-match": tag, "range": "bytes=0-3"})
    assert (reply.status_code, reply.content, reply.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize("more", ["/original", "/pages/1.png"])
def test_a_changed_file_is_never_shown(
    client: TestClient, engine: Engine, folder: Path, more: str
) -> None:
    path = path_of(engine, "p.pdf") + more
    file = folder / "p.pdf"

    def as_pipe() -> None:
        file.unlink()
        os.mkfifo(file)

    def as_link() -> None:
        file.unlink()
        file.symlink_to("/etc/passwd")

    def as_folder() -> None:
        file.unlink()
        file.mkdir()

    for change in (lambda: file.write_bytes(FILES["p.pdf"] + b" "), as_pipe, as_link):
        change()
        assert problem(client, 409, "GET", path)["code"] == "document-changed"
    as_folder()
    assert problem(client, 410, "GET", path)["code"] == "original-missing"
    file.rmdir()
    assert problem(client, 410, "GET", path)["code"] == "original-missing"
    file.write_bytes(FILES["p.pdf"])
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("more", ["/original", "/pages/1.png"])
@pytest.mark.parametrize("asked", [{"path": "/etc/passwd"}, {"width": "199"}, {"width": "2001"}])
def test_odd_parameters_are_refused(
    client: TestClient, engine: Engine, more: str, asked: dict[str, str]
) -> None:
    problem(client, 422, "GET", path_of(engine, "p.pdf") + more, params=asked)


@pytest.mark.parametrize("more", ["/original", "/pages/1.png"])
def test_an_unknown_document_is_not_found(client: TestClient, more: str) -> None:
    assert problem(client, 404, "GET", f"/v1/documents/999{more}")["code"] == "document-missing"


def test_an_attachment_has_no_file_of_its_own(client: TestClient, engine: Engine) -> None:
    answered = problem(client, 409, "GET", original_of(engine, "attached.txt"))
    assert answered["code"] == "document-inside"


def test_a_page_is_drawn_as_wide_as_asked(client: TestClient, engine: Engine) -> None:
    path = f"{path_of(engine, 'p.pdf')}/pages/1.png"
    for width in (200, 333, 2000):
        reply = client.get(path, params={"width": width})
        assert reply.headers["content-type"] == "image/png"
        picture = Image.open(io.BytesIO(reply.content))
        assert picture.width == width
        assert len(picture.convert("L").getcolors() or []) > 2  # something is on it
        tag = {"if-none-match": reply.headers["etag"]}
        assert client.get(path, params={"width": width}, headers=tag).status_code == 304
        assert client.get(path, params={"width": 400}, headers=tag).status_code == 200


def test_a_long_page_is_drawn_narrower(client: TestClient, engine: Engine) -> None:
    path = f"{path_of(engine, 'long.pdf')}/pages/1.png"
    picture = Image.open(io.BytesIO(client.get(path, params={"width": 2000}).content))
    assert picture.height == 8000
    assert picture.width < 2000


@pytest.mark.parametrize(
    ("name", "page", "status", "code"),
    [
        ("p.pdf", "2", 404, "page-missing"),
        ("p.pdf", "0", 422, "request-invalid"),
        ("p.pdf", "-1", 422, "request-invalid"),
        ("p.pdf", "x", 422, "request-invalid"),
        ("a.txt", "1", 415, "not-a-pdf"),
    ],
)
def test_a_page_that_is_not_there_is_a_problem(
    client: TestClient, engine: Engine, name: str, page: str, status: int, code: str
) -> None:
    answered: dict[str, Any] = problem(
        client, status, "GET", f"{path_of(engine, name)}/pages/{page}.png"
    )
    assert answered["code"] == code


def laborious(path: Path) -> Document:
    """A PDF whose one page takes seconds to draw."""
    canvas = Canvas(str(path), pagesize=(600, 800), pageCompression=1)
    for number in range(60_000):
        canvas.circle(300, 400, 20 + number % 280)
    canvas.save()
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Document(DocumentId(1), path, sha256, None, Metadata(), 0, 0, 0)


def test_a_page_that_takes_too_long_harms_no_other(engine: Engine, tmp_path: Path) -> None:
    drawer = PageDrawer(seconds=0.3)
    slow = laborious(tmp_path / "slow.pdf")
    try:
        with pytest.raises(PageNotDrawn):
            drawer.draw(slow, 1, 2000)
    finally:
        drawer.close()
    document = next(one for one in engine.documents() if one.path.name == "p.pdf")
    assert engine.page_image(DocumentId(document.id), 1, 800)
