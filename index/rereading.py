"""Do the files on disk still say what the library holds? Some are read again; read only."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index import records
from index.checks import Finding, Named, about, counted, evenly, named
from index.errors import FileRefused
from index.readers import Reading
from index.reading import reading
from index.scan import hash_file
from index.types import Document, Failure, SourceFile

SAMPLE_FILES = 200
"""Files that are read again: some seconds, where they are not all PDFs."""

UNREAD = ""
"""The checksum of a document that waits to be read again: that of no file."""

OUT_OF_STEP = {
    "files-missing": "no longer on disk",
    "files-changed": "changed since they were read",
    "files-unreadable": "cannot be read any more",
}


@dataclass(slots=True)
class Reread:
    """What was read again, and what became of it."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    files: int = 0
    """Read again and compared."""


def reread(connection: sqlite3.Connection, most: int = SAMPLE_FILES) -> Reread:
    """Compare what some files say now with the canonical texts, as far as they are unchanged."""
    by_file: dict[Path, list[Document]] = defaultdict(list)
    for document in records.documents(connection):
        if document.sha256 != UNREAD:
            by_file[document.container or document.path].append(document)
    files = sorted(by_file)
    found = Reread()
    astray: dict[str, list[str]] = defaultdict(list)
    same = []
    for file in (files[place] for place in evenly(len(files), most)):
        source = _same(file, by_file[file])
        if isinstance(source, SourceFile):
            same.append(source)
        else:
            astray[source].append(str(file))
    differing: list[Named] = []
    with reading() as reader:
        for source, readings in zip(same, reader.read(same), strict=True):
            if isinstance(readings[0].content, Failure):
                astray["files-unreadable"].append(str(source.path))
                continue
            found.files += 1
            differing += _differing(connection, by_file[source.path], readings)
    found.findings += about("texts-differ", "the file says something else", differing)
    found.notes += _notes(astray)
    return found


def _same(file: Path, documents: Sequence[Document]) -> SourceFile | str:
    """The file as it is on disk; if it is another than was read, how, as a key of OUT_OF_STEP."""
    if not file.exists():
        return "files-missing"
    try:
        source = SourceFile(file, hash_file(file).sha256)
    except FileRefused:
        return "files-unreadable"
    itself = [document for document in documents if document.path == file]
    changed = itself and itself[0].sha256 != source.sha256
    return "files-changed" if changed else source


def _differing(
    connection: sqlite3.Connection, documents: Sequence[Document], readings: Sequence[Reading]
) -> Iterator[Named]:
    """Documents that the file they were read from does not hold any more."""
    now = {one.source.path: one.content for one in readings}
    for document in documents:
        content = now.get(document.path)
        if isinstance(content, Failure):
            continue
        select = "SELECT CAST(text AS BLOB) FROM documents WHERE id = ?"
        (text,) = connection.execute(select, (document.id,)).fetchone()
        if content is None or content.text.encode(errors="surrogatepass") != text:
            yield Named(document.id, str(document.path), document.container or document.path)


def _notes(astray: dict[str, list[str]]) -> Iterator[Finding]:
    for code, what in OUT_OF_STEP.items():
        if files := astray[code]:
            yield Finding(
                code,
                f"{counted(len(files), 'file')} {what}: {named(files)}.",
                "Bring the library in step with: qa add FOLDER",
                repairable=False,
            )
