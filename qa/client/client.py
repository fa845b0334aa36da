"""The client that waits for its answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from qa.client import answers, calls
from qa.client.calls import Call
from qa.client.connection import ADDRESS, SECONDS, named, options, reaching, request
from qa.client.following import Following
from qa.client.types import Job, Page

if TYPE_CHECKING:
    import httpx

P = ParamSpec("P")
Result = TypeVar("Result")
Item = TypeVar("Item")


def _sent(build: Callable[P, Call[Result]]) -> Callable[Concatenate[Client, P], Result]:
    def method(self: Client, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        return self.send(build(*args, **kwargs))

    return named(method, build)


def _pages(
    build: Callable[Concatenate[str | None, P], Call[Page[Item]]],
) -> Callable[Concatenate[Client, P], Iterator[Item]]:
    def method(self: Client, /, *args: P.args, **kwargs: P.kwargs) -> Iterator[Item]:
        page = self.send(build(None, *args, **kwargs))
        yield from page.items
        while page.next_cursor is not None:
            page = self.send(build(page.next_cursor, *args, **kwargs))
            yield from page.items

    return named(method, build)


class Client:
    """Asks a service, and waits for its answers. To be closed, or used as a context.

    Raises, from every method:
        ServiceError: what was asked for is refused; `code` says why, `remedy` what to do.
        ServiceUnreachable: nothing answers.
        AnswerUnreadable: something else than Quaere does.
    """

    def __init__(
        self,
        url: str = ADDRESS,
        *,
        api_key: str | None = None,
        timeout: float = SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        import httpx

        self._http = httpx.Client(**options(url, api_key, timeout), transport=transport)

    ask = _sent(calls.ask)
    answer = _sent(calls.answer)
    ask_all = _sent(calls.ask_all)
    verify = _sent(calls.verify)
    read_draft = _sent(calls.read_draft)
    export = _sent(calls.export)
    library = _sent(calls.library)
    failures = _pages(calls.page_of_failures)
    documents = _pages(calls.page_of_documents)
    document = _sent(calls.document)
    edit = _sent(calls.edit)
    remove = _sent(calls.remove)
    text = _sent(calls.text)
    original = _sent(calls.original)
    page_image = _sent(calls.page_image)
    outline = _sent(calls.outline)
    page_boxes = _sent(calls.page_boxes)
    cite_words = _sent(calls.cite_words)
    words_citation = _sent(calls.words_citation)
    passage = _sent(calls.passage)
    neighbours = _sent(calls.neighbours)
    citation = _sent(calls.citation)
    send_file = _sent(calls.send_file)
    send_text = _sent(calls.send_text)
    sync = _sent(calls.sync)
    jobs = _pages(calls.page_of_jobs)
    job = _sent(calls.job)
    cancel = _sent(calls.cancel)
    retry = _sent(calls.retry)
    notebooks = _sent(calls.notebooks)
    notebook = _sent(calls.notebook)
    keep_notebook = _sent(calls.keep_notebook)
    delete_notebook = _sent(calls.delete_notebook)
    metrics = _sent(calls.metrics)
    health = _sent(calls.health)
    ready = _sent(calls.ready)

    def stream_original(self, document_id: int) -> Generator[bytes]:
        """The bytes that were indexed, a piece at a time, for files that fill the memory."""
        with self._streamed(calls.original(document_id)) as response:
            yield from response.iter_bytes()

    def follow(self, job_id: str) -> Generator[Job]:
        """A job as it is and after each change; the last one has ended.

        Goes on where it was when the service is restarted meanwhile.
        """
        following = Following(job_id)
        while True:
            with following.unless_hopeless(), self._streamed(following.call) as response:
                for line in response.iter_lines():
                    if job := following.told(line):
                        yield job
            if following.ended:
                return
            time.sleep(following.pause())

    def send(self, call: Call[Result]) -> Result:
        """Send what a function of `qa.client.calls` describes."""
        with reaching(self._http):
            response = self._answered(call)
            response.read()
        return call.read(answers.checked(response))

    @contextmanager
    def _streamed(self, call: Call[Any]) -> Iterator[httpx.Response]:
        """An answer that is read as it comes."""
        with reaching(self._http):
            response = self._answered(call)
            try:
                if not response.is_success:
                    response.read()
                yield answers.checked(response)
            finally:
                response.close()

    def _answered(self, call: Call[Result]) -> httpx.Response:
        repeats = 0
        while True:
            response = self._http.send(request(self._http, call), stream=True)
            seconds = answers.pause(response, repeats) if call.repeatable else None
            if seconds is None:
                return response
            response.close()
            time.sleep(seconds)
            repeats += 1

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
