"""Every error Quaere raises on purpose, in one tree.

QuaereError
├── FileRefused             one file cannot be indexed; the others go on
│   ├── PathMissing
│   ├── PathLoops
│   ├── FileUnreadable
│   ├── FileEmpty
│   ├── FileBinary
│   ├── FileUndecodable
│   ├── FileTooLarge
│   ├── FormatUnknown
│   ├── FileEncrypted
│   ├── FileDamaged
│   ├── NoTextLayer
│   ├── LimitExceeded
│   └── MetadataInvalid
├── NothingToIndex
├── LibraryError            the library as a whole cannot serve
│   ├── LibraryMissing
│   ├── LibraryEmpty
│   ├── LibraryLocked
│   ├── LibraryMismatch
│   ├── LibraryDamaged
│   ├── NotALibrary
│   ├── LibraryUnsound
│   ├── LibraryExists
│   ├── ArchiveInvalid
│   ├── LibraryReadOnly
│   ├── LibraryFull
│   └── IndexesUnusable
├── EncoderError            the embedding model cannot serve
│   ├── ModelMissing
│   └── ModelDamaged
├── QuestionError           the question cannot be asked
│   ├── QuestionEmpty
│   └── QuestionTooLong
├── QuestionsInvalid
├── CitationsInvalid
├── Findings                a draft or saved citations do not hold up
│   ├── QuotationsAltered
│   ├── QuotationsNotFound
│   ├── CitationsChanged
│   └── StatementsDiffer
├── DocumentMissing
├── DocumentInside          it lies inside a file, and cannot be had or removed without it
├── OriginalError           a document's file cannot be shown
│   ├── OriginalMissing
│   ├── OriginalChanged
│   ├── NotAPdf
│   ├── PageMissing
│   └── PageNotDrawn
├── PassageMissing
├── CursorInvalid
├── OffsetsInvalid
├── WordsChanged            others stand there than were collected
├── NameInvalid
├── RootsMissing
├── PathOutsideRoots
├── JobMissing
├── JobConflict             a job is in no state for what is asked of it
├── UploadGone
├── JobsUnusable
├── NotebookMissing
├── NotebookChanged         it is not as who would change it expects
├── NotebooksFull
├── NotebooksUnusable
├── SettingInvalid
├── AddressUnavailable
├── AddressExposed
├── WorkerLost
├── KeysInvalid
├── KeyMissing
├── KeyNameInvalid
├── ServiceError            `qa serve` refused what a client asked of it
├── ServiceUnreachable      nothing answers a client
└── AnswerUnreadable        something else than Quaere does

Each message says what happened and to which file; `remedy` says what to do
next. `code` is stable, for programs; `exit_status` is what a shell sees.
"""

from __future__ import annotations

import copyreg
from pathlib import Path
from typing import Any, ClassVar


class QuaereError(Exception):
    """Something a user can understand and mend."""

    code: str = "error"
    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"

    def __reduce__(self) -> tuple[Any, ...]:
        # From a worker process an error comes home whole, which an Exception by itself does not.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class FileRefused(QuaereError):
    """One file cannot be indexed. It is listed until it is mended or removed."""

    code = "file-refused"

    def __init__(self, path: Path, message: str, remedy: str) -> None:
        super().__init__(f"{path}: {message}", remedy)
        self.path = path


class PathMissing(FileRefused):
    """Nothing exists at the path that was named."""

    code = "path-missing"
    exit_status = 10


class PathLoops(FileRefused):
    """A symbolic link leads back to itself."""

    code = "path-loops"
    exit_status = 11


class FileUnreadable(FileRefused):
    """The system does not let us read the file, or it is not a regular file."""

    code = "file-unreadable"
    exit_status = 12


class FileEmpty(FileRefused):
    """The file holds no text at all."""

    code = "file-empty"
    exit_status = 13


class FileBinary(FileRefused):
    """The file's name promises text and its bytes are something else."""

    code = "file-binary"
    exit_status = 14


class FileUndecodable(FileRefused):
    """No encoding we know turns the bytes into text."""

    code = "file-undecodable"
    exit_status = 15


class FileTooLarge(FileRefused):
    """The file is larger than Quaere reads."""

    code = "file-too-large"
    exit_status = 16


class FormatUnknown(FileRefused):
    """No reader handles this kind of file."""

    code = "format-unknown"
    exit_status = 17


class FileEncrypted(FileRefused):
    """The file asks for a password."""

    code = "file-encrypted"
    exit_status = 60


class FileDamaged(FileRefused):
    """The file breaks the rules of its format: truncated, or not what its name says."""

    code = "file-damaged"
    exit_status = 61


class NoTextLayer(FileRefused):
    """The file holds pages or pictures, and no text: a scan."""

    code = "no-text-layer"
    exit_status = 62


class LimitExceeded(FileRefused):
    """Reading the file takes more memory, time, pages or room than one file may."""

    code = "limit-exceeded"
    exit_status = 63


class MetadataInvalid(FileRefused):
    """A sidecar or a bibliography cannot be used."""

    code = "metadata-invalid"
    exit_status = 64


class NothingToIndex(QuaereError):
    """A folder was named and holds no file that can be indexed."""

    code = "nothing-to-index"
    exit_status = 18


class LibraryError(QuaereError):
    """The library as a whole cannot do what was asked."""

    code = "library-error"
    exit_status = 26


class LibraryMissing(LibraryError):
    """There is no library at the path."""

    code = "library-missing"
    exit_status = 20


class LibraryEmpty(LibraryError):
    """The library holds no passage to answer from."""

    code = "library-empty"
    exit_status = 21


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""

    code = "library-locked"
    exit_status = 22


class LibraryMismatch(LibraryError):
    """The library was made with another model, or by a newer Quaere."""

    code = "library-mismatch"
    exit_status = 23


class LibraryDamaged(LibraryError):
    """The catalog cannot be read."""

    code = "library-damaged"
    exit_status = 24


class NotALibrary(LibraryError):
    """The folder holds other things; a library is not made among them."""

    code = "not-a-library"
    exit_status = 25


class LibraryUnsound(LibraryError):
    """An examination found damage in the library."""

    code = "library-unsound"
    exit_status = 27


class LibraryExists(LibraryError):
    """There is a library already where one was to be made from an archive."""

    code = "library-exists"
    exit_status = 28


class ArchiveInvalid(LibraryError):
    """The file is no archive of a library, is damaged, or was made by another version."""

    code = "archive-invalid"
    exit_status = 29


class LibraryReadOnly(LibraryError):
    """The library can be read here, and not be written to."""

    code = "library-read-only"
    exit_status = 38


class LibraryFull(LibraryError):
    """There is no room on the library's disk for what was to be written."""

    code = "library-full"
    exit_status = 39


class IndexesUnusable(LibraryError):
    """The indexes made from the catalog are missing or damaged, and cannot be made anew now."""

    code = "indexes-unusable"
    exit_status = 37


class EncoderError(QuaereError):
    """The embedding model cannot be used."""

    code = "encoder-error"


class ModelMissing(EncoderError):
    """No model is found under the name or path."""

    code = "model-missing"
    exit_status = 30


class ModelDamaged(EncoderError):
    """The model's weights are not the ones they should be."""

    code = "model-damaged"
    exit_status = 31


class QuestionError(QuaereError):
    """The question cannot be asked."""

    code = "question-error"


class QuestionEmpty(QuestionError):
    """The question holds no word or number."""

    code = "question-empty"
    exit_status = 40


class QuestionTooLong(QuestionError):
    """The question is longer than a question can be."""

    code = "question-too-long"
    exit_status = 41


class QuestionsInvalid(QuaereError):
    """A file of questions to judge by cannot be used."""

    code = "questions-invalid"
    exit_status = 44


class CitationsInvalid(QuaereError):
    """A file of saved citations cannot be used."""

    code = "citations-invalid"
    exit_status = 66


class Findings(QuaereError):
    """A check has found something; the report says what, the exit status that."""

    code = "findings"


class QuotationsAltered(Findings):
    """A draft holds quotations that are not what their sources say."""

    code = "quotations-altered"
    exit_status = 70


class QuotationsNotFound(Findings):
    """A draft holds quotations that stand in no source; none is altered."""

    code = "quotations-not-found"
    exit_status = 71


class CitationsChanged(Findings):
    """Saved citations whose words are changed or gone."""

    code = "citations-changed"
    exit_status = 72


class StatementsDiffer(Findings):
    """A draft states something for which a source has another number, date, unit or name."""

    code = "statements-differ"
    exit_status = 73


class DocumentMissing(QuaereError):
    """The library holds no such document."""

    code = "document-missing"
    exit_status = 42

    @classmethod
    def numbered(cls, id_: int) -> DocumentMissing:
        """Of a document asked for by its number."""
        return cls(f"The library holds no document {id_}.", "List the documents to see their ids.")


class DocumentInside(QuaereError):
    """The document lies inside a file, such as a mail's attachment."""

    code = "document-inside"


class OriginalError(QuaereError):
    """A document's file, or a page of it, cannot be shown."""

    code = "original-error"


class OriginalMissing(OriginalError):
    """The file of a document is not there any more, or cannot be read."""

    code = "original-missing"


class OriginalChanged(OriginalError):
    """The file of a document has changed since it was indexed."""

    code = "document-changed"


class NotAPdf(OriginalError):
    """The document has no pages that could be drawn."""

    code = "not-a-pdf"


class PageMissing(OriginalError):
    """The PDF has no such page."""

    code = "page-missing"


class PageNotDrawn(OriginalError):
    """Drawing the page fails, or takes more than one page may."""

    code = "page-not-drawn"


class PassageMissing(QuaereError):
    """The library holds no such passage."""

    code = "passage-missing"
    exit_status = 45


class CursorInvalid(QuaereError):
    """The cursor of a listing is not one that was given out for it."""

    code = "cursor-invalid"


class OffsetsInvalid(QuaereError):
    """The offsets asked for do not lie inside the document."""

    code = "offsets-invalid"
    exit_status = 43

    @classmethod
    def outside(cls, id_: int, start: int, end: int, length: int) -> OffsetsInvalid:
        """Of offsets that are none of a document so many characters long."""
        return cls(
            f"Document {id_} has no characters {start:,} to {end:,}.",
            f"It has {length:,} characters: ask for 0 <= start <= end <= {length}.",
        )


class WordsChanged(QuaereError):
    """Other words stand in a document than were collected from it."""

    code = "words-changed"


class NameInvalid(QuaereError):
    """A file that is sent cannot have this name."""

    code = "name-invalid"


class RootsMissing(QuaereError):
    """The library remembers no folder or file that was added."""

    code = "nothing-added"


class PathOutsideRoots(QuaereError):
    """The path does not lie in what was added."""

    code = "path-outside-roots"


class JobMissing(QuaereError):
    """There is no such job, or it ended so long ago that it was forgotten."""

    code = "job-missing"


class JobConflict(QuaereError):
    """The job's state does not allow what is asked of it."""

    code = "job-conflict"


class UploadGone(QuaereError):
    """The file of an upload was given up, or removed with its document."""

    code = "upload-gone"


class JobsUnusable(QuaereError):
    """Jobs, or files that are sent, cannot be kept in the library's folder."""

    code = "jobs-unusable"


class NotebookMissing(QuaereError):
    """There is no such notebook."""

    code = "notebook-missing"


class NotebookChanged(QuaereError):
    """A notebook is not as somebody who would change it expects."""

    code = "notebook-changed"


class NotebooksFull(QuaereError):
    """There are as many notebooks as are kept."""

    code = "notebooks-full"


class NotebooksUnusable(QuaereError):
    """The file of the notebooks cannot be used."""

    code = "notebooks-unusable"


class SettingInvalid(QuaereError):
    """A setting in the environment is unknown or has no usable value."""

    code = "setting-invalid"
    exit_status = 50


class AddressUnavailable(QuaereError):
    """The address to serve on is taken or not ours."""

    code = "address-unavailable"
    exit_status = 51


class AddressExposed(QuaereError):
    """Others could reach the service without an API key."""

    code = "address-exposed"
    exit_status = 52


class WorkerLost(QuaereError):
    """A process that should have served ended before it could."""

    code = "worker-lost"


class KeysInvalid(QuaereError):
    """The file of API keys cannot be used."""

    code = "keys-invalid"
    exit_status = 53


class KeyMissing(QuaereError):
    """There is no such API key."""

    code = "key-missing"
    exit_status = 54


class KeyNameInvalid(QuaereError):
    """An API key cannot have this name, or another has it already."""

    code = "key-name-invalid"
    exit_status = 55


class ServiceError(QuaereError):
    """A service answered a client with an error."""

    code = "service-error"

    def __init__(
        self,
        *,
        status: int,
        code: str,
        detail: str,
        remedy: str,
        request_id: str | None,
        retry_after: float | None,
    ) -> None:
        super().__init__(detail, remedy)
        self.status = status
        """Of HTTP."""
        self.code = code
        """The service's own for what happened; ours where it gave none."""
        self.detail = detail
        self.request_id = request_id
        """Under which the service's log has the request."""
        self.retry_after = retry_after
        """Seconds to wait before asking again, where it said so."""


class ServiceUnreachable(QuaereError):
    """Nothing answers a client, or not in time."""

    code = "service-unreachable"


class AnswerUnreadable(QuaereError):
    """What answers a client is no answer of Quaere's."""

    code = "answer-unreadable"
