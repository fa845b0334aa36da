"""Every operation of the service, as a value: what is sent, and how the answer is read.

Both clients send these. To add an operation, write its function here and name it in both.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, Unpack
from urllib.parse import quote

from index.errors import ServiceError
from index.types import BoxesBy, DocumentId, Filters, PageBoxes
from qa.checking.types import MIN_WORDS, Verification
from qa.citing import Styled
from qa.client.answers import all_listed, content, each_answered, model, nothing, written
from qa.client.types import (
    Document,
    Documents,
    Edits,
    Failures,
    Health,
    Job,
    Jobs,
    Library,
    Ready,
    Text,
)
from qa.jobs.types import State
from qa.notebooks.types import Kept, Listed, Notebook, Seen
from qa.types import DEFAULT_LIMIT, Answer, Chosen, Citation, Neighbours, Outline, Request

if TYPE_CHECKING:
    import httpx

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)
PAGE = 100
"""Documents asked for at once."""


@dataclass(frozen=True, slots=True)
class Call(Generic[Result_co]):
    """A request, and what its answer is read as."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    read: Callable[[httpx.Response], Result_co]
    query: Mapping[str, Any] = field(default_factory=dict)
    """What is None, or empty, is not sent."""
    body: object | None = None
    """Sent as JSON."""
    file: tuple[str, bytes] | None = None
    """Name and bytes, sent as a form; instead of a body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = False
    """Whether sending it twice does no more than sending it once: it only reads."""


def ask(
    question: str,
    limit: int = DEFAULT_LIMIT,
    filters: Filters | None = None,
    per_document: int | None = None,
    *,
    explain: bool = False,
) -> Call[Answer]:
    """The passages that answer a question best; `answer` is for what else can be asked."""
    return answer(Request(question, limit, filters or Filters(), per_document, explain))


def answer(request: Request) -> Call[Answer]:
    """The passages that answer a request best."""
    return Call("POST", "/v1/ask", model(Answer), body=_asked(request), repeatable=True)


def ask_all(requests: Iterable[Request]) -> Call[tuple[Answer | ServiceError, ...]]:
    """For each request its answer, in order, or what is wrong with its question."""
    body = {"questions": [_asked(request) for request in requests]}
    return Call("POST", "/v1/ask:batch", each_answered, body=body, repeatable=True)


def verify(
    text: str,
    format: Literal["markdown", "text"] = "markdown",  # noqa: A002 - as on the wire
    min_words: int = MIN_WORDS,
    filters: Filters | None = None,
) -> Call[Verification]:
    """Of each quotation in a draft: exact, normalised, altered or not found, and where."""
    body = {
        "text": text,
        "format": format,
        "min_words": min_words,
        "filters": _filters(filters),
    }
    return Call("POST", "/v1/verify", model(Verification), body=body, repeatable=True)


def read_draft(path: Path) -> Call[str]:
    """The text of a draft in any format that can be indexed, as the service reads it."""
    body = {"name": path.name, "data": base64.b64encode(path.read_bytes()).decode()}
    return Call(
        "POST", "/v1/drafts", lambda reply: str(reply.json()["text"]), body=body, repeatable=True
    )


def library() -> Call[Library]:
    """How many documents there are, in which languages and of which days."""
    return _get("/v1/library", model(Library))


def page_of_failures(cursor: str | None = None, /, *, page: int = PAGE) -> Call[Failures]:
    """Files that could not be indexed, by path; `page` at a time."""
    return _get("/v1/failures", model(Failures), {"limit": page, "cursor": cursor})


def export(
    passages: Iterable[Chosen],
    format: Literal["markdown", "docx", "bibtex", "ris", "csl-json"],  # noqa: A002 - as on the wire
    style: str = "apa",
    title: str | None = None,
) -> Call[bytes]:
    """A file with these passages, cited in one of `qa.citing.STYLES`."""
    body = {
        "format": format,
        "style": style,
        "title": title,
        "passages": [asdict(one) for one in passages],
    }
    return Call("POST", "/v1/exports", content, body=body, repeatable=True)


def page_of_documents(
    cursor: str | None = None,
    /,
    *,
    filters: Filters | None = None,
    words: str = "",
    sort: Literal["path", "title", "date", "id"] = "path",
    descending: bool = False,
    page: int = PAGE,
) -> Call[Documents]:
    """Documents in some order, those whose title or path holds the words; `page` at a time.

    Of filters, document_ids do not apply here.
    """
    chosen = filters or Filters()
    query = {
        "limit": page,
        "cursor": cursor,
        "path": chosen.paths,
        "glob": chosen.globs,
        "language": chosen.languages,
        "date_from": chosen.date_from,
        "date_to": chosen.date_to,
        "q": words,
        "sort": sort,
        "order": "descending" if descending else "ascending",
    }
    return _get("/v1/documents", model(Documents), query)


def document(document_id: int) -> Call[Document]:
    """What is known of a document."""
    return _get(_document(document_id), model(Document))


def edit(document_id: int, **edits: Unpack[Edits]) -> Call[Document]:
    """Set metadata by hand; what is not named stays as it is, None takes an edit back."""
    return Call("PATCH", _document(document_id), model(Document), body=edits)


def remove(document_id: int) -> Call[None]:
    """Take a document out of the library; its file stays, unless it was sent to the service."""
    return Call("DELETE", _document(document_id), nothing)


def text(document_id: int, start: int = 0, end: int | None = None) -> Call[Text]:
    """A document's canonical text from code point `start` to before `end`."""
    return _get(f"{_document(document_id)}/text", model(Text), {"start": start, "end": end})


def original(document_id: int) -> Call[bytes]:
    """The bytes that were indexed; never others."""
    return _get(f"{_document(document_id)}/original", content)


def page_image(document_id: int, number: int, width: int = 800) -> Call[bytes]:
    """A page of a PDF, counted from 1, as a PNG so many pixels wide."""
    return _get(f"{_document(document_id)}/pages/{int(number)}.png", content, {"width": width})


def outline(document_id: int) -> Call[Outline]:
    """Where the headings, pages and slides of a document begin."""
    return _get(f"{_document(document_id)}/outline", model(Outline))


def page_boxes(
    document_id: int, number: int, start: int, end: int, by: BoxesBy = "line"
) -> Call[PageBoxes]:
    """Where what stands of these words on a page of a PDF is printed."""
    path = f"{_document(document_id)}/pages/{int(number)}/boxes"
    return _get(path, model(PageBoxes), {"start": start, "end": end, "by": by})


def cite_words(document_id: int, start: int, end: int) -> Call[Citation]:
    """The citation of any words of a document, from code point `start` to before `end`."""
    path = f"{_document(document_id)}/citation"
    return _get(path, model(Citation), {"start": start, "end": end})


def words_citation(document_id: int, start: int, end: int, style: str = "apa") -> Call[Styled]:
    """The same in one of `qa.citing.ALL_STYLES`."""
    path = f"{_document(document_id)}/citation/formatted"
    return _get(path, model(Styled), {"start": start, "end": end, "style": style})


def passage(passage_id: str) -> Call[Citation]:
    """The passage with this id, verbatim, as answers cite it."""
    return _get(_passage(passage_id), model(Citation))


def neighbours(passage_id: str, count: int = 1) -> Call[Neighbours]:
    """The passages right before and right after this one, so many on either side."""
    return _get(f"{_passage(passage_id)}/neighbours", model(Neighbours), {"count": count})


def citation(passage_id: str, style: str = "apa") -> Call[Styled]:
    """The citation of a passage in one of `qa.citing.ALL_STYLES`."""
    return _get(f"{_passage(passage_id)}/citation", model(Styled), {"style": style})


def send_file(path: Path) -> Call[Job]:
    """Have the service keep a file and index it. Once this returns it is safe there."""
    return Call("POST", "/v1/documents", model(Job), file=(path.name, path.read_bytes()))


def send_text(name: str, text: str) -> Call[Job]:
    """The same with a text as a file of this name; its suffix says how it is read."""
    return Call("POST", "/v1/documents", model(Job), body={"name": name, "text": text})


def sync(paths: Iterable[Path] = (), *, keep_missing: bool = False) -> Call[Job]:
    """Have the service bring its library in step with these, or with all that was added there."""
    named = [str(path) for path in paths] or None
    body = {"paths": named, "keep_missing": keep_missing}
    return Call("POST", "/v1/sync", model(Job), body=body)


def notebooks() -> Call[tuple[Listed, ...]]:
    """Every notebook without its passages, the one changed last first."""
    return _get("/v1/notebooks", all_listed)


def notebook(name: str) -> Call[Notebook]:
    """A notebook with its passages."""
    return _get(_notebook(name), model(Notebook))


def keep_notebook(
    name: str, title: str, passages: Iterable[Kept], seen: Seen | None = None
) -> Call[Notebook]:
    """Keep a notebook in place of what had its name, if that is as its writer has seen it."""
    body = {"title": title, "passages": [asdict(one) for one in passages]}
    return Call("PUT", _notebook(name), model(Notebook), body=body, headers=_expecting(seen))


def delete_notebook(name: str, seen: Seen | None = None) -> Call[None]:
    """Delete a notebook, if it is as its remover has seen it."""
    return Call("DELETE", _notebook(name), nothing, headers=_expecting(seen))


def page_of_jobs(
    cursor: str | None = None, /, *, states: tuple[State, ...] = (), page: int = PAGE
) -> Call[Jobs]:
    """Jobs, the newest first, those in one of these states; `page` at a time."""
    query = {"limit": page, "cursor": cursor, "state": states}
    return _get("/v1/jobs", model(Jobs), query)


def job(job_id: str) -> Call[Job]:
    """How far a job has come, and what came of it."""
    return _get(_job(job_id), model(Job))


def events(job_id: str, seen: str | None = None) -> Call[Job]:
    """The job after each change since the event that was seen; a stream, read by `follow`."""
    headers = {"Last-Event-ID": seen} if seen else {}
    call = _get(f"{_job(job_id)}/events", model(Job))
    return replace(call, headers=headers)


def cancel(job_id: str) -> Call[Job]:
    """End a job; what it has committed stays."""
    return Call("POST", f"{_job(job_id)}/cancel", model(Job))


def retry(job_id: str) -> Call[Job]:
    """Put a job that has failed or was cancelled back into the queue."""
    return Call("POST", f"{_job(job_id)}/retry", model(Job))


def metrics() -> Call[str]:
    """Counters and timings, as Prometheus reads them."""
    return _get("/metrics", written)


def health() -> Call[Health]:
    """Whether the process lives."""
    return _get("/health", model(Health))


def ready() -> Call[Ready]:
    """Whether questions can be asked; a `ServiceError` says why not."""
    return _get("/ready", model(Ready))


def _get(
    path: str, read: Callable[[httpx.Response], Result], query: Mapping[str, Any] | None = None
) -> Call[Result]:
    return Call("GET", path, read, query or {}, repeatable=True)


def _document(id_: int) -> str:
    return f"/v1/documents/{DocumentId(int(id_))}"


def _job(id_: str) -> str:
    return f"/v1/jobs/{quote(id_, safe='')}"


def _notebook(name: str) -> str:
    return f"/v1/notebooks/{quote(name, safe='')}"


def _expecting(seen: Seen | None) -> dict[str, str]:
    """The headers that say so (RFC 9110, section 13)."""
    found: dict[str, str] = {}
    if seen and seen.tags is not None:
        found["If-Match"] = ", ".join(
            one if one == "*" else f'"{one}"' for one in sorted(seen.tags)
        )
    return found | ({"If-None-Match": "*"} if seen and seen.none else {})


def _passage(id_: str) -> str:
    return f"/v1/passages/{quote(id_, safe='')}"


def _filters(filters: Filters | None) -> dict[str, Any]:
    chosen = filters or Filters()
    named = {
        "path": chosen.paths,
        "glob": chosen.globs,
        "date_from": chosen.date_from,
        "date_to": chosen.date_to,
        "language": chosen.languages,
        "document_ids": chosen.document_ids,
    }
    return {name: value for name, value in named.items() if value}


def _asked(request: Request) -> dict[str, Any]:
    body = asdict(request)
    return body | {"filters": _filters(request.filters), "context": body.pop("neighbours")}
