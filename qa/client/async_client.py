"""The client whose answers are awaited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
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


def _awaited(
    build: Callable[P, Call[Result]],
) -> Callable[Concatenate[AsyncClient, P], Coroutine[Any, Any, Result]]:
    async def method(self: AsyncClient, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        return await self.send(build(*args, **kwargs))

    return named(method, build)


def _awaited_pages(
    build: Callable[Concatenate[str | None, P], Call[Page[Item]]],
) -> Callable[Concatenate[AsyncClient, P], AsyncIterator[Item]]:
    async def method(
        self: AsyncClient, /, *args: P.args, **kwargs: P.kwargs
    ) -> AsyncGenerator[Item]:
        page = await self.send(build(None, *args, **kwargs))
        for item in page.items:
            yield item
        while page.next_cursor is not None:
            page = await self.send(build(page.next_cursor, *args, **kwargs))
            for item in page.items:
                yield item

    return named(method, build)


class AsyncClient:
    """The same as `Client`, to be awaited."""

    def __init__(
        self,
        url: str = ADDRESS,
        *,
        api_key: str | None = None,
        timeout: float = SECONDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        import httpx

        self._http = httpx.AsyncClient(**options(url, api_key, timeout), transport=transport)

    ask = _awaited(calls.ask)
    answer = _awaited(calls.answer)
    ask_all = _awaited(calls.ask_all)
    verify = _awaited(calls.verify)
    read_draft = _awaited(calls.read_draft)
    export = _awaited(calls.export)
    library = _awaited(calls.library)
    failures = _awaited_pages(calls.page_of_failures)
    documents = _awaited_pages(calls.page_of_documents)
    document = _awaited(calls.document)
    edit = _awaited(calls.edit)
    remove = _awaited(calls.remove)
    text = _awaited(calls.text)
    original = _awaited(calls.original)
    page_image = _awaited(calls.page_image)
    outline = _awaited(calls.outline)
    page_boxes = _awaited(calls.page_boxes)
    cite_words = _awaited(calls.cite_words)
    words_citation = _awaited(calls.words_citation)
    passage = _awaited(calls.passage)
    neighbours = _awaited(calls.neighbours)
    citation = _awaited(calls.citation)
    send_file = _awaited(calls.send_file)
    send_text = _awaited(calls.send_text)
    sync = _awaited(calls.sync)
    jobs = _awaited_pages(calls.page_of_jobs)
    job = _awaited(calls.job)
    cancel = _awaited(calls.cancel)
    retry = _awaited(calls.retry)
    notebooks = _awaited(calls.notebooks)
    notebook = _awaited(calls.notebook)
    keep_notebook = _awaited(calls.keep_notebook)
    delete_notebook = _awaited(calls.delete_notebook)
    metrics = _awaited(calls.metrics)
    health = _awaited(calls.health)
    ready = _awaited(calls.ready)

    async def stream_original(self, document_id: int) -> AsyncGenerator[bytes]:
        """The bytes that were indexed, a piece at a time, for files that fill the memory."""
        async with self._streamed(calls.original(document_id)) as response:
            async for piece in response.aiter_bytes():
                yield piece

    async def follow(self, job_id: str) -> AsyncGenerator[Job]:
        """A job as it is and after each change; the last one has ended.

        Goes on where it was when the service is restarted meanwhile.
        """
        following = Following(job_id)
        while True:
            with following.unless_hopeless():
                async with self._streamed(following.call) as response:
                    async for line in response.aiter_lines():
                        if job := following.told(line):
                            yield job
            if following.ended:
                return
            await asyncio.sleep(following.pause())

    async def send(self, call: Call[Result]) -> Result:
        """Send what a function of `qa.client.calls` describes."""
        with reaching(self._http):
            response = await self._answered(call)
            await response.aread()
        return call.read(answers.checked(response))

    @asynccontextmanager
    async def _streamed(self, call: Call[Any]) -> AsyncIterator[httpx.Response]:
        """An answer that is read as it comes."""
        with reaching(self._http):
            response = await self._answered(call)
            try:
                if not response.is_success:
                    await response.aread()
                yield answers.checked(response)
            finally:
                await response.aclose()

    async def _answered(self, call: Call[Result]) -> httpx.Response:
        repeats = 0
        while True:
            response = await self._http.send(request(self._http, call), stream=True)
            seconds = answers.pause(response, repeats) if call.repeatable else None
            if seconds is None:
                return response
            await response.aclose()
            await asyncio.sleep(seconds)
            repeats += 1

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
