"""The page's files over HTTP: what they are sent with, and who may have them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest
from conftest import LOOPBACK, PROJECT, MakeEngine, local_client

from api.app import create_app
from api.limits import Limits
from api.policy import Policy
from qa.keys import Keys

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

WEB = PROJECT / "api" / "web"
ADDRESSES = ["/", "/library", "/notebook", "/verify", "/documents/3"]
FILES = sorted(
    path.relative_to(WEB).as_posix() for path in WEB.rglob("*.*") if path.suffix != ".html"
)


@pytest.fixture
def client(tmp_path: Path, make_engine: MakeEngine) -> TestClient:
    return local_client(create_app(make_engine(tmp_path / "library")))


def test_every_address_of_the_page_is_the_same_page(client: TestClient) -> None:
    for path in ADDRESSES:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.content == (WEB / "index.html").read_bytes()


def test_every_file_of_the_page_is_sent_as_what_it_is(client: TestClient) -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    for name in FILES:
        answer = client.get(f"/web/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].startswith(kinds[Path(name).suffix])
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_policy_lets_nothing_run_that_is_not_a_file_of_ours(client: TestClient) -> None:
    for path in (*ADDRESSES, "/web/main.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "unsafe" not in policy


def test_nothing_of_the_page_comes_from_elsewhere_or_stands_inline() -> None:
    for name in ("index.html", *FILES):
        text = (WEB / name).read_text(encoding="utf-8")
        assert not re.search(r"""(?:src|href|from|import|url)[=(\s]*["'(]+https?:""", text), name
    index = (WEB / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|<script(?![^>]* src=)|\son\w+=", index)


def test_files_are_asked_for_again_and_sent_only_if_they_changed(client: TestClient) -> None:
    first = client.get("/web/main.js")
    assert "no-cache" in first.headers["cache-control"]
    again = client.get("/web/main.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    policy = "content-security-policy"  # browsers take it from the newer answer
    assert again.headers[policy] == first.headers[policy]


def test_files_are_sent_compressed(client: TestClient) -> None:
    url = f"{LOOPBACK}/web/styles/base.css"
    with client.stream("GET", url, headers={"accept-encoding": "br"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "br"
    assert brotli.decompress(packed) == (WEB / "styles" / "base.css").read_bytes()
    assert len(packed) * 2 < (WEB / "styles" / "base.css").stat().st_size


@pytest.mark.parametrize(
    "name", ["nothing.js", "../app.py", "%2e%2e/app.py", "..%2fapp.py", "vendor", "vendor/LICENSE"]
)
def test_no_other_file_is_sent(client: TestClient, name: str) -> None:
    answer = client.get(f"/web/{name}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


def test_the_page_needs_no_key_and_everything_else_does(
    tmp_path: Path, make_engine: MakeEngine
) -> None:
    engine = make_engine(tmp_path / "library")
    Keys(engine.library).add("ana", "read")
    client = local_client(create_app(engine))
    assert {client.get(path).status_code for path in (*ADDRESSES, "/web/main.js")} == {200}
    for path in ("/v1/library", "/v1/documents", "/v1/documents/3", "/openapi.json", "/webs", "/x"):
        assert client.get(path).status_code == 401, path
    assert client.post("/").status_code == 401


def test_opening_the_page_takes_nothing_of_what_one_may_ask(
    tmp_path: Path, make_engine: MakeEngine
) -> None:
    limits = Limits(requests_per_second=0.01, requests_burst=1, limits_loopback=True)
    app = create_app(make_engine(tmp_path / "library"), Policy(limits=limits))
    client = local_client(app)
    assert {client.get(f"/web/{name}").status_code for name in FILES} == {200}
    assert client.get("/v1/jobs").status_code != 429
    assert client.get("/v1/jobs").status_code == 429


def test_modules_are_small() -> None:
    for path in WEB.glob("*.js"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 250, path.name
