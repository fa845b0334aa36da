"""The engine: a library and an encoder. Everything a user can do goes here, one verb each."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index import records, roots
from index.errors import LibraryLocked, LibraryMissing
from index.library import write
from index.types import (
    Document,
    DocumentId,
    EncoderIdentity,
    Filters,
    Metadata,
    SyncReport,
)
from qa.asking import Asking
from qa.checking.types import MIN_WORDS
from qa.opened import mending
from qa.question import MAX_QUESTION_CHARACTERS
from qa.reading import Reading
from qa.types import MAX_LIMIT, Answer, Citation, Status

if TYPE_CHECKING:
    from index.doctor import Diagnosis
    from index.encoder import Encoder
    from index.packing import Manifest
    from index.sync import Options, Progress
    from qa.checking.auditing.audit import Audited
    from qa.checking.checked import Checked
    from qa.checking.drafts.draft import Draft
    from qa.checking.types import Verification
    from qa.citing.saved import SavedCitation

MAKING_SECONDS = (0.1, 0.3, 1.0, 3.0)
"""Pauses in which another process that makes the library has its catalog in place."""


class Engine(Asking, Reading):
    """Asks, reads, checks, adds, removes and reports. Opens what it needs when it is needed.

    Safe to share between threads.
    """

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

    def roots(self) -> list[Path]:
        """The folders and files that were added, made real; none lies below another."""
        return roots.known(self._open().catalog)

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
