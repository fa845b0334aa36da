"""The engine: a library and an encoder. Everything a user can do goes here, one verb each."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from index import records, roots
from index.errors import (
    DocumentMissing,
    IndexesUnusable,
    LibraryLocked,
    LibraryMismatch,
    LibraryMissing,
    OffsetsInvalid,
    PassageMissing,
    QuestionEmpty,
    QuestionError,
    QuestionTooLong,
)
from index.library import Library, Snapshot, write
from index.listing import FailurePage, Listing, Page, Place, failures, page
from index.types import (
    Document,
    DocumentId,
    EncoderIdentity,
    Failure,
    Filters,
    Metadata,
    PageBoxes,
    Placed,
    Span,
    SyncReport,
)
from qa.checking.types import MIN_WORDS
from qa.remembered import Remembered
from qa.settings import Settings
from qa.together import Together
from qa.turns import Turns
from qa.types import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    Answer,
    Chosen,
    Citation,
    Contents,
    DocumentsIn,
    Neighbours,
    Outline,
    Request,
    Status,
)

if TYPE_CHECKING:
    from index.doctor import Diagnosis
    from index.encoder import Encoder, Purpose
    from index.encoder.reranker import Reranker
    from index.originals import Original
    from index.packing import Manifest
    from index.page_images import PageDrawer
    from index.sync import Options, Progress
    from index.types import Float32
    from qa.checking.auditing.audit import Audited
    from qa.checking.checked import Checked
    from qa.checking.drafts.draft import Draft
    from qa.checking.types import Verification
    from qa.citing.saved import SavedCitation

MAX_QUESTION_CHARACTERS = 2000
"""A long paragraph. The models we know read less than half of it."""

MAKING_SECONDS = (0.1, 0.3, 1.0, 3.0)
"""Pauses in which another process that makes the library has its catalog in place."""


P = ParamSpec("P")
T = TypeVar("T")


def mending(
    search: Callable[Concatenate[Engine, P], T],
) -> Callable[Concatenate[Engine, P], T]:
    """A search that meets damaged indexes has them made anew, and is done once more."""

    @wraps(search)
    def done(engine: Engine, /, *arguments: P.args, **options: P.kwargs) -> T:
        try:
            return search(engine, *arguments, **options)
        except IndexesUnusable:
            engine.mend_indexes()
            return search(engine, *arguments, **options)

    return done


class Engine:
    """Asks, adds, removes and reports. Opens what it needs when it is needed.

    Safe to share between threads: questions that arrive together are embedded together, while
    others are searched for, one at a time. Answers are kept until the library changes.
    """

    def __init__(self, settings: Settings, processes: int = 1) -> None:
        """So many processes answer from the same library, and share memory and processor."""
        self._settings = settings
        self._processes = processes
        self._lock = threading.RLock()  # opening and loading
        self._searching = Turns()
        self._together: Together | None = None
        self._remembered = Remembered()
        self._library: Library | None = None
        self._snapshot: Snapshot | None = None
        self._encoder: Encoder | None = None
        self._indexing: Encoder | None = None
        self._reranker: Reranker | None = None
        self._drawer: PageDrawer | None = None

    @property
    def settings(self) -> Settings:
        """What it was made with."""
        return self._settings

    @property
    def library(self) -> Path:
        """The library's folder, whether it exists or not."""
        return self._settings.library

    def beside(self, library: Path) -> Engine:
        """An engine like this one over another library."""
        return Engine(replace(self._settings, library=library))

    def close(self) -> None:
        """Close the library."""
        with self._lock:
            if self._drawer:
                self._drawer.close()
                self._drawer = None
            if self._library:
                self._library.close()
            self._library = self._snapshot = self._encoder = self._indexing = None
            self._together = None
            self._remembered = Remembered()

    def ask(
        self,
        question: str,
        limit: int = DEFAULT_LIMIT,
        filters: Filters | None = None,
        per_document: int | None = None,
        *,
        explain: bool = False,
    ) -> Answer:
        """The passages that answer a question best; `answer` is for what else can be asked.

        Raises:
            QuestionError, LibraryError, EncoderError: with the remedy.
        """
        return self.answer(Request(question, limit, filters or Filters(), per_document, explain))

    def answer(self, request: Request) -> Answer:
        """The passages that answer a request best.

        Raises:
            QuestionError, LibraryError, EncoderError: with the remedy.
        """
        (found,) = self.ask_all([request])
        if isinstance(found, QuestionError):
            raise found
        return found

    @mending
    def ask_all(self, requests: Iterable[Request]) -> list[Answer | QuestionError]:
        """For each request its answer, in order, or what is wrong with its question.

        All are answered from one generation. Questions of other threads come in between.

        Raises:
            LibraryError, EncoderError: with the remedy.
        """
        asked = [_as_asked(request) for request in requests]
        # One that comes twice is answered once.
        good = {request: None for request in asked if isinstance(request, Request)}
        answers = self._answers(list(good)) if good else {}
        return [answers[one] if isinstance(one, Request) else one for one in asked]

    def _answers(self, requests: Sequence[Request]) -> dict[Request, Answer]:
        from qa.answer import answer  # numpy and faiss are needed from here on

        snapshot = self.snapshot()
        remembered = ((one, self._remembered.get(snapshot.generation, one)) for one in requests)
        answers = {request: known for request, known in remembered if known}
        asked = [request for request in requests if request not in answers]
        for request, query in zip(asked, self._vectors(snapshot, asked), strict=True):
            with self._searching:
                answers[request] = answer(snapshot, request, query, self._reranking())
            # A generation about to be published may have changed what was read of this one.
            if self._open().catalog.generation() == snapshot.generation:
                self._remembered.keep(request, answers[request])
        return answers

    def _vectors(self, snapshot: Snapshot, requests: Sequence[Request]) -> list[Float32]:
        """Of each request's question; none are embedded without need, nor the model loaded."""
        if not requests:
            return []
        questions = list(dict.fromkeys(request.question for request in requests))
        vectors = self._embedding(snapshot.identity).encode_all(questions)
        known = dict(zip(questions, vectors, strict=True))
        return [known[request.question] for request in requests]

    def encode_question(self, question: str) -> Float32:
        """The question's vector by the library's model: float32, [dimension], unit length."""
        return self._embedding(self.snapshot().identity).encode(question)

    def add(
        self,
        paths: Sequence[Path],
        notify: Callable[[Progress], None],
        options: Options | None = None,
    ) -> SyncReport:
        """Bring the library in step with files and folders; it is made if there is none."""
        from index.sync import Options, sync

        def load(recorded: EncoderIdentity | None) -> Encoder:
            # Kept: a watched folder is synced again and again.
            if self._indexing is None or (recorded and recorded != self._indexing.identity):
                self._indexing = self._load(recorded, "indexing")
            return self._indexing

        return sync(self._settings.library, paths, load, notify, options or Options())

    def edit(self, document: Path | DocumentId, edits: Metadata, patience: float = 0) -> Document:
        """Set a document's metadata by hand; it holds before what anything else says.

        What is None in `edits` stays as it is; what is empty is what the file says again. Another
        who writes is waited for `patience` seconds.

        Raises:
            DocumentMissing, MetadataInvalid: with the remedy.
        """
        from index.edit import edit

        return edit(self._settings.library, document, edits, patience)

    def remove(self, paths: Iterable[Path]) -> list[Path]:
        """Take documents out of the library; files on disk are not touched."""
        from index.sync import remove

        return remove(self._settings.library, paths)

    def remove_document(self, id_: DocumentId, patience: float = 0) -> None:
        """Take one document, and what lies inside it, out of the library.

        Another who writes is waited for `patience` seconds.

        Raises:
            DocumentMissing, DocumentInside: with the remedy.
        """
        from index.sync import remove_document

        remove_document(self._settings.library, id_, patience)

    def examine(self, *, read_files: bool = True) -> Diagnosis:
        """Whether the library is sound; `read_files` also reads some files on disk again."""
        from index.doctor import examine

        return examine(self._settings.library, read_files=read_files)

    def repair(self) -> list[str]:
        """Mend what can be mended in the library; says what was done."""
        from index.doctor import repair

        return repair(self._settings.library)

    def export(self, file: Path) -> Manifest:
        """Write the library to a new file."""
        from index.archive import export

        return export(self._settings.library, file)

    def restore(self, file: Path) -> Manifest:
        """Make the library from such a file, where there is none yet."""
        from index.archive import restore

        return restore(file, self._settings.library)

    def status(self) -> Status:
        """What the library holds."""
        library = self._open()
        with library.catalog.snapshot() as connection:
            identity = library.catalog.identity()
            return Status(
                path=str(library.path),
                documents=records.count(connection, "documents"),
                passages=records.count(connection, "passages"),
                failures=records.count(connection, "failures"),
                pages_without_text=records.pages_without_text(connection),
                model=identity.name if identity else None,
                dimension=identity.dimension if identity else None,
                generation=library.catalog.generation(),
                bytes=library.size(),
                roots=tuple(map(str, roots.known(library.catalog))),
            )

    def contents(self) -> Contents:
        """What a reader can choose from: how many documents, which languages, which days."""
        library = self._open()
        with library.catalog.snapshot() as connection:
            first, last = records.dates(connection)
            return Contents(
                documents=records.count(connection, "documents"),
                passages=records.count(connection, "passages"),
                languages=tuple(
                    DocumentsIn(*one) for one in records.documents_by_language(connection)
                ),
                date_from=first,
                date_to=last,
                generation=library.catalog.generation(),
                failures=records.count(connection, "failures"),
            )

    def roots(self) -> list[Path]:
        """The folders and files that were added, made real; none lies below another."""
        return roots.known(self._open().catalog)

    def known_under(self, path: Path) -> tuple[list[Document], list[Failure]]:
        """Documents at or below a path, the outer ones first, and what failed there."""
        with self._open().catalog.snapshot() as connection:
            return records.documents(connection, path), records.failures(connection, path)

    def make_library(self) -> None:
        """Make an empty library where there is none.

        Raises:
            LibraryError: with the remedy.
        """
        with self._lock:
            for pause in MAKING_SECONDS:
                try:
                    self._open()
                    return
                except LibraryMissing:
                    with contextlib.suppress(LibraryLocked), write(self._settings.library):
                        return
                time.sleep(pause)  # another process is just making it
            self._open()

    def failures(self) -> list[Failure]:
        """Files that could not be indexed."""
        with self._open().catalog.snapshot() as connection:
            return records.failures(connection)

    def failed(self, limit: int, after: Path | None = None) -> FailurePage:
        """Some files that could not be indexed, those after a path."""
        with self._open().catalog.snapshot() as connection:
            return failures(connection, limit, after)

    def documents(self) -> list[Document]:
        """Every document, by path."""
        with self._open().catalog.snapshot() as connection:
            return records.documents(connection)

    def page(self, listing: Listing, limit: int, after: Place | None = None) -> Page:
        """Some documents in an order, those after a place in it."""
        with self._open().catalog.snapshot() as connection:
            return page(connection, listing, limit, after)

    def holds(self, path: Path) -> bool:
        """Whether any document is at or below a path, whatever is on disk."""
        with self._open().catalog.snapshot() as connection:
            return records.holds(connection, path)

    def document(self, id_: DocumentId) -> Document:
        """One document.

        Raises:
            DocumentMissing: with the remedy.
        """
        with self._open().catalog.snapshot() as connection:
            return records.existing(connection, id_)

    def original(self, id_: DocumentId) -> Original:
        """A document's file, open, with the very bytes that were indexed; yours to close.

        Raises:
            DocumentMissing, DocumentInside, OriginalError: with the remedy.
        """
        from index.originals import opened

        return opened(self.document(id_))

    def page_image(self, id_: DocumentId, number: int, width: int) -> bytes:
        """A page of a PDF as a PNG so many pixels wide; pages count from 1.

        Raises:
            DocumentMissing, DocumentInside, OriginalError: with the remedy.
        """
        return self._pages().draw(self.document(id_), number, width)

    def page_boxes(self, id_: DocumentId, number: int, words: Span) -> PageBoxes:
        """Where what stands of these words on a page of a PDF is printed.

        Raises:
            DocumentMissing, DocumentInside, OffsetsInvalid, OriginalError: with the remedy.
        """
        with self._open().catalog.snapshot() as connection:
            document = records.existing(connection, id_)
            characters = records.characters(connection, id_)
        if not 0 <= words[0] <= words[1] <= document.length:
            raise OffsetsInvalid.outside(id_, *words, document.length)
        return self._pages().find(document, number, characters, words)

    def _pages(self) -> PageDrawer:
        with self._lock:
            if self._drawer is None:
                from index.page_images import PageDrawer

                self._drawer = PageDrawer()
            return self._drawer

    def outline(self, id_: DocumentId) -> Outline:
        """Where the headings, pages and slides of a document begin.

        Raises:
            DocumentMissing: with the remedy.
        """
        from qa.outline import outline

        with self._open().catalog.snapshot() as connection:
            return outline(records.existing(connection, id_), records.marks(connection, id_))

    def text(self, id_: DocumentId, start: int = 0, end: int | None = None) -> str:
        """Part of a document's canonical text.

        Raises:
            DocumentMissing, OffsetsInvalid: with the remedy.
        """
        with self._open().catalog.snapshot() as connection:
            text = records.text(connection, id_)
        if text is None:
            raise DocumentMissing.numbered(id_)
        end = len(text) if end is None else end
        if not 0 <= start <= end <= len(text):
            raise OffsetsInvalid.outside(id_, start, end, len(text))
        return text[start:end]

    def cite(self, id_: str) -> Citation:
        """The citation of the passage with this public id.

        Raises:
            PassageMissing: with the remedy.
        """
        from qa.citation import cite

        return cite(self._placed(id_))

    def cite_words(self, id_: DocumentId, spans: Sequence[Span]) -> list[Citation]:
        """The citation of each of these spans of a document's canonical text.

        Raises:
            DocumentMissing, OffsetsInvalid: with the remedy.
        """
        from qa.selection import cite_words

        return cite_words(self._open().catalog, id_, spans)

    def cite_all(self, chosen: Sequence[Chosen]) -> list[Citation]:
        """The citation of each of these words that somebody collected, in their order.

        Raises:
            DocumentMissing, OffsetsInvalid, WordsChanged: with the remedy.
        """
        from qa.selection import cite_all

        return cite_all(self._open().catalog, chosen)

    def neighbours(self, id_: str, count: int = 1) -> Neighbours:
        """Up to `count` passages before the one with this public id, and up to so many after it.

        Raises:
            PassageMissing: with the remedy.
        """
        from qa.citation import cite_neighbours

        return cite_neighbours(self.snapshot().neighbours(self._placed(id_).passage, count))

    @mending
    def verify(
        self, draft: Draft, min_words: int = MIN_WORDS, filters: Filters | None = None
    ) -> Verification:
        """Whether each quotation of a draft is what its source says, among the documents asked."""
        from qa.checking.verify import verify

        def nearest(words: str) -> Citation | None:
            passages = self.ask(words[:MAX_QUESTION_CHARACTERS], 1, filters).passages
            return passages[0].citation if passages else None

        return verify(self.snapshot(), draft, min_words, filters, nearest)

    def check(self, draft: Draft, filters: Filters | None = None) -> Checked:
        """What supports each statement of a draft, and where sources say something else."""
        from qa.checking.check import PASSAGES, check

        # Its own passages, should it be in the library, come first and are no support.
        limit = min(PASSAGES + self.snapshot().passages_like(draft.path, draft.sha256), MAX_LIMIT)

        def asked(statement: str) -> Answer:
            return self.ask(statement, limit, filters, explain=True)

        return check(draft, asked)

    @mending
    def audit(self, saved: Sequence[SavedCitation]) -> list[Audited]:
        """Whether the words of citations saved earlier still stand where they stood."""
        from qa.checking.auditing.audit import audit

        return audit(self.snapshot(), saved)

    def _placed(self, id_: str) -> Placed:
        placed = self.snapshot().placed_as(id_)
        if placed is None:
            raise PassageMissing(
                f"The library holds no passage {id_}.",
                "Passages have ids such as 931c04eb13e0c20c; qa ask --format json shows them. "
                "If its file has changed since, find the words again: qa verify --citations FILE",
            )
        return placed

    def warm_up(self) -> None:
        """Open the library and load the model, so that the first question is as fast as any."""
        with self._lock:
            self._embedding(self.snapshot().identity)
            self._reranking()

    def mend_indexes(self) -> None:
        """Make the indexes anew from the catalog, if they are not as they were written.

        Raises:
            LibraryLocked, IndexesUnusable: when that cannot be done now.
        """
        with self._lock:
            self._open().mend()
            self._snapshot = None

    def snapshot(self) -> Snapshot:
        """The library's newest generation, opened when it is not the one at hand."""
        with self._lock:
            library = self._open()
            at_hand = self._snapshot
            if at_hand is None or at_hand.generation != library.catalog.generation():
                self._snapshot = library.snapshot()
            assert self._snapshot is not None  # set above
            return self._snapshot

    def _open(self) -> Library:
        with self._lock:
            if self._library is None:
                shared = self._processes > 1
                self._library = Library.open(self._settings.library, shared=shared)
            return self._library

    def _embedding(self, recorded: EncoderIdentity) -> Together:
        """What embeds questions by the model that the library recorded."""
        with self._lock:
            encoder, together = self._encoder, self._together
            if not encoder or not together or encoder.identity.checksum != recorded.checksum:
                self._encoder = encoder = self._load(recorded, "questions")
                self._together = together = Together(encoder.encode_queries)
            return together

    def _reranking(self) -> Reranker | None:
        with self._lock:
            if self._reranker is None and self._settings.reranker:
                from index.encoder.reranker import Reranker

                self._reranker = Reranker(self._settings.reranker, self._settings.device)
            return self._reranker

    def _load(self, recorded: EncoderIdentity | None, purpose: Purpose) -> Encoder:
        """The encoder that fits the library, and no other."""
        from index.encoder import DEFAULT_MODEL, load_encoder

        settings, many = self._settings, self._processes
        threads = max(1, (os.cpu_count() or 1) // many) if many > 1 else None
        name = settings.model or (recorded.name if recorded else DEFAULT_MODEL)
        encoder = load_encoder(
            name,
            settings.cache,
            purpose=purpose,
            known=recorded if recorded and recorded.name == name else None,
            device=settings.device,
            threads=threads,
        )
        if recorded and encoder.identity.checksum != recorded.checksum:
            raise LibraryMismatch(
                f"{settings.library}: the library was made with the model {recorded.name}, and "
                f"{name} has other weights.",
                f"Ask with --model {recorded.name}, or index again into a new folder: "
                f"qa add FOLDER --model {name} --library NEW_FOLDER",
            )
        return encoder


def _as_asked(request: Request) -> Request | QuestionError:
    try:
        return replace(request, question=checked(request.question))
    except QuestionError as error:
        return error


def checked(question: str) -> str:
    """The question without white space around it.

    Raises:
        QuestionEmpty, QuestionTooLong: with the remedy.
    """
    # A byte of the command line that was no UTF-8 comes as a lone surrogate, which no model reads.
    question = question.encode(errors="replace").decode().strip()
    if not any(character.isalnum() for character in question):
        raise QuestionEmpty(
            "The question holds no word." if question else "The question is empty.",
            'Ask something in plain words, such as: qa ask "Who visited Pyongyang?"',
        )
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionTooLong(
            f"The question has {len(question):,} characters; "
            f"{MAX_QUESTION_CHARACTERS:,} are allowed.",
            "Ask in a sentence or two. To index a long text, save it as a file and use: qa add FILE",
        )
    return question
