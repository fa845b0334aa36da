"""Who uses the service at once: some ask, one writes, and what each of them saw."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from index.errors import DocumentMissing
from qa.client import Client, Job, ServiceError, ServiceUnreachable
from qa.jobs.types import Result
from qa.types import Answer, Citation

T = TypeVar("T")

PATIENCE = 60
"""Seconds for a request, and for a job to end, restarts included."""

Place = tuple[str, str, int, int]
"""Name and SHA-256 of a file, first and last offset: the same in every library."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage of an answer, as far as two libraries must agree on it."""

    places: tuple[Place, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Observed:
    """What the service answered."""

    question: str
    generation: int
    passages: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A change that was acknowledged and done, and the generation that holds it."""

    kind: str
    """upload, delete, edit, rename or remove; the last three with a sync after them."""
    name: str
    text: str
    generation: int


def shown(answer: Answer) -> tuple[Shown, ...]:
    """The passages of an answer, as far as two libraries must agree on them."""
    return tuple(
        Shown(tuple(map(_place, (passage.citation, *passage.also_at))), passage.score)
        for passage in answer.passages
    )


def _place(citation: Citation) -> Place:
    document = citation.document
    return Path(document.path).name, document.sha256, citation.start, citation.end


class Asking:
    """A client that asks question after question until it is told to stop."""

    def __init__(self, url: str, questions: Sequence[str], stop: threading.Event, seed: int):
        self._url = url
        self._questions = questions
        self._stop = stop
        self._random = random.Random(seed)
        self.observed: list[Observed] = []
        self.statuses: Counter[str] = Counter()

    def run(self) -> None:
        """Ask; a service that is being started again refuses connections, and cuts some."""
        with Client(self._url, timeout=PATIENCE) as client:
            while not self._stop.is_set():
                question = self._random.choice(self._questions)
                try:
                    answer = client.ask(question)
                except ServiceUnreachable:
                    self.statuses["no connection"] += 1
                    time.sleep(0.05)
                except ServiceError as refused:
                    self.statuses[str(refused.status)] += 1
                else:
                    self.statuses["200"] += 1
                    self.observed.append(Observed(question, answer.generation, shown(answer)))


class Writing:
    """A client that uploads, deletes, edits, renames and removes, each until it is done."""

    def __init__(self, url: str, sources: Path, texts: Iterator[str], stop: threading.Event):
        self._client = Client(url, timeout=PATIENCE)
        self._sources = sources
        self._texts = texts
        self._stop = stop
        self._random = random.Random(5)
        self.steps: list[Step] = []
        self.uploaded: dict[str, int] = {}
        """Documents by their files' names, as long as they were not deleted."""

    def run(self) -> None:
        """Change one thing after the other."""
        changes = (self._upload, self._upload, self._delete, self._edit, self._rename, self._remove)
        with self._client:
            while not self._stop.is_set():
                self._random.choice(changes)()

    def _upload(self) -> None:
        name, text = f"note-{len(self.steps)}.txt", next(self._texts)
        result = self._done(partial(self._client.send_text, name, text))
        assert result.document_id is not None  # an upload that is done has one
        self.uploaded[name] = result.document_id
        self._step("upload", name, text)

    def _delete(self) -> None:
        if not self.uploaded:
            return
        name = self._random.choice(sorted(self.uploaded))
        id_ = self.uploaded.pop(name)
        self._until(partial(self._gone, id_))
        self._step("delete", name)

    def _gone(self, id_: int) -> None:
        try:
            self._client.remove(id_)
        except ServiceError as refused:
            if refused.code != DocumentMissing.code:  # else it was removed before a restart
                raise

    def _edit(self) -> None:
        path = self._random.choice(sorted(self._sources.iterdir()))
        text = next(self._texts)
        path.write_text(text, encoding="utf-8")
        self._sync("edit", path.name, text)

    def _rename(self) -> None:
        path = self._random.choice(sorted(self._sources.iterdir()))
        path.rename(path.with_name(f"renamed-{len(self.steps)}.txt"))
        self._sync("rename", path.name, f"renamed-{len(self.steps)}.txt")

    def _remove(self) -> None:
        if len(paths := sorted(self._sources.iterdir())) < 3:
            return
        path = self._random.choice(paths)
        path.unlink()
        self._sync("remove", path.name)

    def _sync(self, kind: str, name: str, text: str = "") -> None:
        self._done(partial(self._client.sync, [self._sources]))
        self._step(kind, name, text)

    def _step(self, kind: str, name: str, text: str = "") -> None:
        generation = self._until(self._client.ready).generation
        self.steps.append(Step(kind, name, text, generation))

    def _done(self, send: Callable[[], Job]) -> Result:
        """What came of a job once it has ended; the service may be started again meanwhile."""
        end = time.monotonic() + PATIENCE
        job = self._until(send)
        while not job.ended and time.monotonic() < end:
            time.sleep(0.05)
            job = self._until(partial(self._client.job, job.id))
        if job.state != "done" or job.result is None:
            raise SystemExit(f"a job that was acknowledged did not succeed: {job}")
        return job.result

    def _until(self, send: Callable[[], T]) -> T:
        """What the service answers once it answers; a change may be sent twice, and is done once."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                return send()
            except ServiceUnreachable:
                time.sleep(0.05)
            except ServiceError as refused:
                if refused.status != HTTPStatus.SERVICE_UNAVAILABLE:
                    raise SystemExit(f"{refused.status} {refused.code}: {refused}") from None
                time.sleep(0.2)
        raise SystemExit(f"the service answered nothing in {PATIENCE} seconds.")
