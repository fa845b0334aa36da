"""A library's documents as an audit looks them up: by hash, by path, by what they say."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from pathlib import Path

from index import records
from index.errors import FileRefused
from index.library import Snapshot
from index.scan import hash_file
from index.types import Document, DocumentId, Filters, Passage, Placed, Span, Stretch
from qa.checking.finding.alikeness import Place
from qa.checking.finding.placing import AROUND
from qa.checking.finding.sources import Sources

KEPT_CHARACTERS = 50_000_000
"""Of texts kept in memory, the last ones used: some dozens of books."""


@dataclass(frozen=True, slots=True)
class _Read:
    text: str
    passages: tuple[Passage, ...]
    starts: tuple[int, ...]


class Documents:
    """The documents of one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._anywhere = Sources(snapshot)
        with snapshot.catalog.snapshot() as connection:
            documents = records.documents(connection)
        self._by_path = {str(document.path): document for document in documents}
        self._by_hash: dict[str, list[Document]] = defaultdict(list)
        for document in documents:
            self._by_hash[document.sha256].append(document)
        self._read: OrderedDict[DocumentId, _Read] = OrderedDict()
        self._hashes: dict[Path, str | None] = {}

    def with_hash(self, sha256: str, path: str) -> Document | None:
        """A document with these bytes: the one at the path, or else the first by path."""
        same = self._by_hash.get(sha256, [])
        return next((one for one in same if str(one.path) == path), same[0] if same else None)

    def at(self, path: str) -> Document | None:
        """The document at a path."""
        return self._by_path.get(path)

    def text(self, document: Document) -> str:
        """A document's canonical text; empty where it was removed since."""
        return self._opened(document).text

    def placed(self, document: Document, words: Span) -> Placed | None:
        """The passage in which words begin, with the text around all of them."""
        opened = self._opened(document)
        if not opened.passages:
            return None
        passage = opened.passages[max(0, bisect_right(opened.starts, words[0]) - 1)]
        start = max(0, min(passage.start, words[0]) - AROUND)
        end = max(passage.end, words[1]) + AROUND
        return Placed(passage, document, Stretch(start, opened.text[start:end], ()))

    def resembling(self, quote: str, document: Document | None = None) -> list[Place]:
        """Places that hold some of the quote's words close together, of one document or of all."""
        sources = self._anywhere
        if document:
            sources = Sources(self._snapshot, Filters(document_ids=(document.id,)))
        (found,) = sources.resembling([quote])
        return found

    def holding(self, quote: str) -> list[Document]:
        """Documents that may hold the quote, by path; whether they do must be seen."""
        places = self._anywhere.holding([quote])[0] or self._anywhere.resembling([quote])[0]
        documents = {place.document.id: place.document for place in places}
        return sorted(documents.values(), key=lambda document: document.path)

    def on_disk(self, document: Document) -> bool | None:
        """Whether its file has the bytes it was indexed with; None where it cannot be read."""
        outer = self.at(str(document.container)) if document.container else document
        if outer is None:
            return None
        if outer.path not in self._hashes:
            self._hashes[outer.path] = _hash(outer.path)
        now = self._hashes[outer.path]
        return None if now is None else now == outer.sha256

    def _opened(self, document: Document) -> _Read:
        if document.id not in self._read:
            with self._snapshot.catalog.snapshot() as connection:
                text = records.text(connection, document.id) or ""
                passages = tuple(records.passages_of(connection, document.id))
            starts = tuple(passage.start for passage in passages)
            self._read[document.id] = _Read(text, passages, starts)
            while sum(len(one.text) for one in self._read.values()) > KEPT_CHARACTERS:
                if len(self._read) == 1:
                    break
                self._read.popitem(last=False)
        self._read.move_to_end(document.id)
        return self._read[document.id]


def _hash(path: Path) -> str | None:
    try:
        return hash_file(path).sha256
    except FileRefused:
        return None
