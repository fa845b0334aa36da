"""The Python client, against real servers; both kinds of client do the same."""

from __future__ import annotations

import asyncio
import inspect
import json
import pickle
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from answering import Scripted, answering
from conftest import SEEDS, add, seed_questions, write
from live_server import HOST, live
from made_files import pdf_saying

from api.job_schemas import JOB
from api.policy import Policy
from api.server import listen
from index.errors import QuaereError
from index.types import DocumentId, Filters
from qa import citing
from qa.checking.drafts.draft import draft_of
from qa.client import (
    AnswerUnreadable,
    AsyncClient,
    Client,
    ServiceError,
    ServiceUnreachable,
    following,
)
from qa.client.answers import LONGEST_PAUSE, REPEATS
from qa.engine import Engine
from qa.jobs.process import working
from qa.keys import Keys
from qa.notebooks.types import Kept, Seen
from qa.settings import Settings
from qa.types import Chosen, Request

QUESTION = seed_questions()[0]["question"]
READY = json.dumps({"status": "ready", "generation": 1})
BUSY = Scripted(503, "", {"Retry-After": "0"})


class Awaited:
    """An AsyncClient whose methods are called like a Client's."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._runner = asyncio.Runner()
        self._client = AsyncClient(*arguments, **named)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            coming = getattr(self._client, name)(*arguments, **named)
            return self._runner.run(
                collected(coming) if inspect.isasyncgen(coming) else coming  # type: ignore[arg-type]
            )

        return call

    def __enter__(self) -> Awaited:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._client.close())
        self._runner.close()


async def collected(coming: AsyncIterator[Any]) -> list[Any]:
    return [one async for one in coming]


MakeClient = Callable[..., Any]


@pytest.fixture(params=[Client, Awaited], ids=["sync", "async"])
def connect(request: pytest.FixtureRequest) -> Iterator[MakeClient]:
    """Makes clients of one kind, closed at the end of the test."""
    with ExitStack() as stack:
        yield lambda *given, **named: stack.enter_context(request.param(*given, **named))


@pytest.fixture(scope="module")
def address(seed_engine: Engine) -> Iterator[str]:
    with live(seed_engine) as url:
        yield url


@pytest.fixture
def client(connect: MakeClient, address: str) -> Any:
    return connect(address)


@pytest.fixture
def changing(
    tmp_path: Path, tiny_model: Path, cache: Path, connect: MakeClient
) -> Iterator[tuple[Any, Engine]]:
    """A client of a service whose library may be changed."""
    settings = Settings(tmp_path / "library", cache, str(tiny_model), "cpu")
    sources = write(tmp_path / "sources", one="The harbour froze.", two="The harbour thawed.")
    (sources / "page.pdf").write_bytes(pdf_saying("The harbour froze in March."))
    with closing(Engine(settings)) as engine:
        add(engine, sources)
        with live(engine) as url:
            yield connect(url), engine


def raw(address: str, path: str) -> Any:
    return httpx.get(address + path, trust_env=False).json()


# What it answers


def test_answers_are_the_engines_own(client: Any, seed_engine: Engine) -> None:
    assert client.ask(QUESTION) == seed_engine.ask(QUESTION)
    filters = Filters(globs=("*.txt",), languages=("en",))
    asked = client.ask(QUESTION, 3, filters, per_document=1, explain=True)
    assert asked == seed_engine.ask(QUESTION, 3, filters, 1, explain=True)
    assert asked.passages[0].explanation


def test_whatever_can_be_asked_is_asked(client: Any, seed_engine: Engine) -> None:
    request = Request(QUESTION, 2, explain=True, min_score=0.5, neighbours=1)
    assert client.answer(request) == seed_engine.answer(request)


def test_of_several_questions_each_has_its_answer_or_its_error(
    client: Any, seed_engine: Engine
) -> None:
    answered, refused = client.ask_all([Request(QUESTION), Request("?")])
    assert answered == seed_engine.ask(QUESTION)
    assert (refused.status, refused.code) == (422, "question-empty")


def test_what_is_sent_is_indexed_as_a_job_that_can_be_followed(
    changing: tuple[Any, Engine], tmp_path: Path
) -> None:
    client, engine = changing
    sent = write(tmp_path / "elsewhere", three="The harbour was dredged.") / "three.txt"
    jobs = [client.send_file(sent), client.send_text("four.txt", "The harbour was sold.")]
    assert [job.state for job in jobs] == ["queued", "queued"]
    with working(engine):
        last = [list(client.follow(job.id))[-1] for job in jobs]
    assert [job.state for job in last] == ["done", "done"]
    assert last == [client.job(job.id) for job in jobs]
    assert client.document(last[0].result.document_id).path == last[0].upload.path
    assert list(client.jobs(states=("done",), page=1)) == last[::-1]
    assert "quaere_jobs" in client.metrics()


def event(revision: int, state: str) -> str:
    return f"id: {revision}\nevent: state\ndata: {json.dumps(JOB | {'state': state})}\n\n"


def stream(*events: str) -> Scripted:
    return Scripted(200, "retry: 2000\n\n" + "".join(events))


def test_a_job_is_followed_over_a_restart_of_the_service(
    connect: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AGAIN", (0.0, 0.0))
    half = f"id: 4\nevent: state\ndata: {json.dumps(JOB)[:20]}"
    broken = replace(stream(event(3, "running"), half), headers={"Content-Length": "9999"})
    script = [stream(event(2, "queued")), broken, stream(event(5, "done"))]
    with answering(script) as server:
        found = list(connect(server.url).follow(JOB["id"]))
    assert [job.state for job in found] == ["queued", "running", "done"]
    assert [one["Last-Event-ID"] for one in server.headers] == [None, "2", "3"]


def test_a_job_whose_end_is_never_told_is_not_followed_for_ever(
    connect: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AGAIN", (0.0, 0.0))
    for first in (stream(), stream(event(2, "running"))):
        with answering([first, stream()]) as server, pytest.raises(ServiceUnreachable):
            list(connect(server.url).follow(JOB["id"]))
        assert len(server.requests) == 3


def test_a_sync_can_be_cancelled_and_asked_for_again(changing: tuple[Any, Engine]) -> None:
    client, _ = changing
    asked = client.sync(keep_missing=True)
    assert asked.sync.keep_missing
    assert client.cancel(asked.id).state == "cancelled"
    assert client.retry(asked.id).state == "queued"
    with pytest.raises(ServiceError) as refused:
        client.sync([Path("/")])
    assert refused.value.code == "path-outside-roots"


def test_verifications_are_the_engines_own(client: Any, seed_engine: Engine) -> None:
    draft = (SEEDS / "draft.md").read_text(encoding="utf-8")
    found = client.verify(draft)
    assert found == seed_engine.verify(draft_of(draft, markdown=True))
    assert len({one.verdict for one in found.quotations}) > 1
    assert client.read_draft(SEEDS / "draft.md") == draft


def test_passages_are_the_engines_own(client: Any, seed_engine: Engine) -> None:
    cited = client.ask(QUESTION).passages[0].citation
    found = client.passage(cited.id)
    assert found == seed_engine.cite(cited.id)
    around = client.neighbours(cited.id, 2)
    assert around == seed_engine.neighbours(cited.id, 2)
    for style in ("mla", "bibtex"):
        assert client.citation(cited.id, style) == citing.as_styled(found, style)


def test_any_words_are_cited_as_the_engine_does(client: Any, seed_engine: Engine) -> None:
    (found,) = seed_engine.cite_words(DocumentId(1), [(65, 101)])
    assert client.cite_words(1, 65, 101) == found
    assert client.words_citation(1, 65, 101, "mla") == citing.as_styled(found, "mla")


def test_collected_passages_come_as_a_file(client: Any, seed_engine: Engine) -> None:
    chosen = Chosen(DocumentId(1), 65, 101, "Note", seed_engine.text(DocumentId(1), 65, 101))
    written = client.export([chosen], "markdown", "mla", "Days").decode()
    assert "October 28 is a significant day when" in written
    with pytest.raises(ServiceError) as refused:
        client.export([replace(chosen, quote="Other words")], "ris")
    assert refused.value.code == "words-changed"


def test_nothing_the_service_says_of_documents_is_left_out(client: Any, address: str) -> None:
    listed = list(client.documents())
    assert [asdict(one) for one in listed] == raw(address, "/v1/documents")["documents"]
    assert asdict(client.document(1)) == raw(address, "/v1/documents/1")
    assert asdict(client.text(1, 3, 9)) == raw(address, "/v1/documents/1/text?start=3&end=9")
    shown = raw(address, "/v1/library")
    assert asdict(client.library()) == shown | {"languages": tuple(shown["languages"])}
    assert asdict(client.health()) == raw(address, "/health")
    assert asdict(client.ready()) == raw(address, "/ready")


def test_documents_are_walked_through_page_after_page(client: Any) -> None:
    paths = [one.path for one in client.documents()]
    assert len(paths) == 5
    for page in (1, 2, 5):
        assert [one.path for one in client.documents(page=page)] == paths
    assert [one.path for one in client.documents(page=2, descending=True)] == paths[::-1]
    assert [one.id for one in client.documents(words="004_")] == [5]
    assert not list(client.documents(filters=Filters(globs=("*.pdf",), languages=("en", "vi"))))


def test_originals_come_byte_for_byte(client: Any) -> None:
    document = client.document(1)
    file = Path(document.path).read_bytes()
    assert client.original(1) == file
    assert b"".join(client.stream_original(1)) == file
    assert client.text(1).text == file.decode()


def test_pages_are_pictures_with_boxes_on_them(changing: tuple[Any, Engine]) -> None:
    client, engine = changing
    (page,) = client.documents(words=".pdf")
    assert client.page_image(page.id, 1, 300).startswith(b"\x89PNG")
    assert client.page_boxes(page.id, 1, 4, 11) == engine.page_boxes(page.id, 1, (4, 11))
    by_word = client.page_boxes(page.id, 1, 0, 20, by="word")
    assert by_word == engine.page_boxes(page.id, 1, (0, 20), "word")
    assert len(by_word.boxes) > 1
    assert client.outline(page.id) == engine.outline(page.id)
    assert client.outline(page.id).pages


def test_what_could_not_be_read_is_listed(changing: tuple[Any, Engine], tmp_path: Path) -> None:
    client, engine = changing
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / "sources" / name).write_bytes(b"%PDF-1.7 and nothing else")
    add(engine, tmp_path / "sources")
    for page in (1, 2, 5):
        failed = list(client.failures(page=page))
        assert [one.path for one in failed] == [str(one.path) for one in engine.failures()]
    assert all(one.code and one.message and one.remedy for one in failed)


def test_notebooks_are_kept_and_changed_by_who_has_seen_them(
    changing: tuple[Any, Engine],
) -> None:
    client, _ = changing
    words = Kept(DocumentId(1), "0" * 64, 0, 3, "The", note="Ice")
    kept = client.keep_notebook("ice", "Ice", [words], Seen(none=True))
    assert client.notebook("ice") == kept
    assert kept.passages == (words,)
    assert [(one.name, one.passages) for one in client.notebooks()] == [("ice", 1)]
    changed = client.keep_notebook("ice", "Ice", [], Seen(frozenset({kept.tag})))
    with pytest.raises(ServiceError) as refused:
        client.delete_notebook("ice", Seen(frozenset({kept.tag})))
    assert refused.value.code == "notebook-changed"
    assert client.delete_notebook("ice", Seen(frozenset({changed.tag, "*"}))) is None
    assert client.notebooks() == ()


def test_documents_are_edited_and_removed(changing: tuple[Any, Engine]) -> None:
    client, engine = changing
    assert client.edit(1, title="Ice", date="2025").title == "Ice"
    edited = client.edit(1, title=None)
    assert (edited.title, edited.date) == (engine.document(1).metadata.title, "2025")
    assert client.remove(1) is None
    with pytest.raises(ServiceError) as refused:
        client.document(1)
    assert refused.value.code == "document-missing"


# What it says when there is no answer


def test_a_refusal_says_all_the_service_does(client: Any) -> None:
    for missing in (client.document, lambda id_: list(client.stream_original(id_))):
        with pytest.raises(ServiceError) as refused:
            missing(77)
        error = refused.value
        assert (error.status, error.code) == (404, "document-missing")
        assert "77" in error.detail
        assert error.remedy in str(error)
        assert error.request_id
        assert isinstance(error, QuaereError)
        assert pickle.loads(pickle.dumps(error)).__dict__ == error.__dict__


def test_an_id_is_no_path(client: Any) -> None:
    with pytest.raises(ServiceError) as refused:
        client.passage("../documents/1")
    assert refused.value.code in {"not-found", "request-invalid"}


def test_keys_are_sent_and_asked_for(
    connect: MakeClient, seed_engine: Engine, tmp_path: Path
) -> None:
    keys = Keys(tmp_path)
    secret = keys.add("ana", "read")
    with live(seed_engine, Policy(keys=keys, keys_required=True)) as url:
        assert connect(url, api_key=secret).ask(QUESTION).passages
        for wrong in (None, "guessed"):
            with pytest.raises(ServiceError) as refused:
                connect(url, api_key=wrong).ask(QUESTION)
            assert (refused.value.status, refused.value.code) == (401, "key-required")


def test_a_key_that_cannot_be_sent_is_not_shown(connect: MakeClient, address: str) -> None:
    with pytest.raises(ServiceUnreachable) as failed:
        connect(address, api_key="sec\nret").health()
    assert "ret" not in str(failed.value)
    assert failed.value.__cause__ is None


def test_where_nothing_listens_it_says_how_to_start_the_service(connect: MakeClient) -> None:
    with listen(HOST, 0) as taken:
        port = taken.getsockname()[1]
    client = connect(f"http://{HOST}:{port}")
    for asked in (client.health, lambda: list(client.documents())):
        with pytest.raises(ServiceUnreachable, match=rf"127\.0\.0\.1:{port}.*qa serve"):
            asked()


def test_it_does_not_wait_for_ever(connect: MakeClient) -> None:
    with listen(HOST, 0) as silent:
        url = f"http://{HOST}:{silent.getsockname()[1]}"
        with pytest.raises(ServiceUnreachable, match=r"no answer within 0\.2 seconds"):
            connect(url, timeout=0.2).health()


@pytest.mark.parametrize(
    "answer",
    [
        Scripted(200, "<html>"),
        Scripted(200, '{"status": 1}'),
        Scripted(302, "", {"Location": "https://example.org/"}),
    ],
    ids=["page", "other", "elsewhere"],
)
def test_what_is_no_answer_of_ours_is_told_so(connect: MakeClient, answer: Scripted) -> None:
    with answering([answer]) as asked, pytest.raises(AnswerUnreadable, match=r"/ready"):
        connect(asked.url).ready()
    assert len(asked.requests) == 1


@pytest.mark.parametrize("body", ["<html>Bad Gateway</html>", "[]", '{"code": 3}'])
def test_errors_that_are_no_problems_are_errors_all_the_same(
    connect: MakeClient, body: str
) -> None:
    with answering([Scripted(502, body)]) as asked, pytest.raises(ServiceError) as refused:
        connect(asked.url).ready()
    assert (refused.value.status, refused.value.code) == (502, "service-error")
    assert "Bad Gateway" in refused.value.detail


# Asking again


@pytest.mark.parametrize("status", [429, 503])
def test_reading_is_tried_again_when_told_so(connect: MakeClient, status: int) -> None:
    busy = Scripted(status, "", {"Retry-After": "0"})
    with answering([busy] * REPEATS + [Scripted(200, READY)]) as asked:
        assert connect(asked.url).ready().generation == 1
    assert asked.requests == ["GET /ready"] * (1 + REPEATS)


def test_questions_and_drafts_are_tried_again(connect: MakeClient) -> None:
    for method in ("ask", "verify"):
        with answering([BUSY, Scripted(404, "")]) as asked, pytest.raises(ServiceError):
            getattr(connect(asked.url), method)("words")
        assert len(asked.requests) == 2


def test_it_gives_up_after_a_few_times(connect: MakeClient) -> None:
    with answering([BUSY]) as asked, pytest.raises(ServiceError) as refused:
        connect(asked.url).ready()
    assert len(asked.requests) == 1 + REPEATS
    assert refused.value.retry_after == 0


@pytest.mark.parametrize(
    "headers",
    [{}, {"Retry-After": str(int(LONGEST_PAUSE) + 1)}, {"Retry-After": "soon"}],
    ids=["unsaid", "long", "unclear"],
)
def test_it_waits_neither_unasked_nor_long(connect: MakeClient, headers: dict[str, str]) -> None:
    with answering([Scripted(503, "", headers)]) as asked, pytest.raises(ServiceError):
        connect(asked.url).ready()
    assert len(asked.requests) == 1


def test_what_changes_the_library_is_sent_once(connect: MakeClient) -> None:
    with answering([BUSY]) as asked:
        client = connect(asked.url)
        with pytest.raises(ServiceError):
            client.edit(1, title="Ice")
        with pytest.raises(ServiceError):
            client.remove(1)
    assert asked.requests == ["PATCH /v1/documents/1", "DELETE /v1/documents/1"]


# The two kinds


def public(kind: type) -> dict[str, inspect.Signature]:
    named = {name: getattr(kind, name) for name in dir(kind) if not name.startswith("_")}
    return {name: inspect.signature(method) for name, method in named.items()}


def test_an_address_without_its_protocol_is_told_so(connect: MakeClient) -> None:
    for address in ("127.0.0.1:8000", "localhost:8000"):
        with pytest.raises(ServiceUnreachable, match=r"no address of a service.*http://127"):
            connect(address).health()


def test_both_clients_take_the_same() -> None:
    ours, awaited = public(Client), public(AsyncClient)
    assert ours.keys() == awaited.keys()
    for name in ours:
        assert ours[name].parameters == awaited[name].parameters, name
    assert list(ours["ask"].parameters)[:3] == ["self", "question", "limit"]
    assert "cursor" not in ours["documents"].parameters
    for kind in (ours, awaited):  # as help() shows them
        assert kind["ask"].return_annotation == "Answer"
        assert kind["documents"].return_annotation == "Iterator"


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = [
        "api",
        "fastapi",
        "faiss",
        "httpx",
        "numpy",
        "openvino",
        "pydantic",
        "sqlite3",
        "torch",
    ]
    shown = f"import sys, qa.client; print([one for one in {heavy} if one in sys.modules])"
    ended = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"
