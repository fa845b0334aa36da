"""Saved citations held against the library: whether the words stand where they were cited.

First the bytes: a document with the hash that was saved says what it said, under
whatever name. Then the document at the path, which may say the same elsewhere, or
something else. Then any other document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter

from index.lexical import written_words
from index.library import Snapshot
from index.types import Document, Span
from qa.checking.auditing.documents import Documents
from qa.checking.auditing.nearest import Nearest, nearest_anywhere, nearest_in
from qa.checking.auditing.occurrences import agreement, best_occurrence, between, in_context
from qa.checking.types import Change
from qa.citation import cite
from qa.citing.saved import SavedCitation
from qa.types import Citation

TELLING_WORDS = 4
"""From so many on, the same words are taken for the ones cited wherever they stand; fewer only
beside what they stood beside: "the board" stands in every report."""

NOWHERE = "No document has the path or the bytes that were cited, and none holds the words."
NEVER = "The file is the one that was cited, and never had these words there."


class AuditVerdict(StrEnum):
    """What has become of the words cited."""

    INTACT = "intact"
    """They stand where they stood. The file may have another name, or be changed elsewhere."""
    MOVED = "moved"
    """They stand at other offsets, or in another document."""
    CHANGED = "changed"
    """The document is there and says it in other words."""
    GONE = "gone"
    """Nothing like them stands anywhere they could be."""
    UNREADABLE = "unreadable"
    """The citation itself is damaged."""


@dataclass(frozen=True, slots=True)
class Audited:
    """A saved citation and what became of it."""

    saved: SavedCitation
    verdict: AuditVerdict
    citation: Citation | None
    """Of the words as they stand now; where they changed, of what they have become."""
    changes: tuple[Change, ...]
    """Draft offsets are in the saved quote, source offsets in the document's canonical text."""
    notice: str | None
    """What else a writer should know, in whole sentences."""
    file_differs: bool
    """The file on disk has other bytes than the library: this is not the last word."""


@dataclass(slots=True)
class _Finding:
    verdict: AuditVerdict
    document: Document | None = None
    words: Span | None = None
    changes: tuple[Change, ...] = ()
    notices: list[str] = field(default_factory=list)


def audit(snapshot: Snapshot, saved: Sequence[SavedCitation]) -> list[Audited]:
    """What became of each saved citation, in their order."""
    documents = Documents(snapshot)
    found: dict[SavedCitation, Audited] = {}
    for citation in sorted(saved, key=attrgetter("sha256", "path")):  # each text is read once
        anywhere = _placeless(citation)
        if anywhere not in found:
            found[anywhere] = _audited(documents, anywhere)
    return [replace(found[_placeless(citation)], saved=citation) for citation in saved]


def _placeless(saved: SavedCitation) -> SavedCitation:
    """Without what does not bear on the verdict: the same words may be cited many times."""
    return replace(saved, line=None, pointer=None, id="")


def _audited(documents: Documents, saved: SavedCitation) -> Audited:
    if saved.damage:
        said = f"The citation cannot be read: {saved.damage}."
        return Audited(saved, AuditVerdict.UNREADABLE, None, (), said, file_differs=False)
    finding = _finding(documents, saved)
    differs = _note_files(documents, saved, finding)
    citation = None
    if finding.document and finding.words:
        placed = documents.placed(finding.document, finding.words)
        citation = cite(placed, finding.words) if placed else None
    notice = " ".join(finding.notices) or None
    return Audited(saved, finding.verdict, citation, finding.changes, notice, differs)


def _finding(documents: Documents, saved: SavedCitation) -> _Finding:
    if same := documents.with_hash(saved.sha256, saved.path):
        return _in_same_bytes(documents, same, saved)
    here = documents.at(saved.path)
    if here and (found := _standing(documents, here, saved)):
        return found
    near = nearest_in(documents, here, saved) if here else None
    there = _elsewhere(documents, here, saved)
    if near and near.in_context is not False:
        return _become(near, saved, there)
    if there:
        return there
    # What stood around the words is where it was: then they are not looked for in other names.
    if not (here and between(documents.text(here), saved)):
        near = nearest_anywhere(documents, here, saved) or near
    if near:
        return _become(near, saved)
    said = "The document is there and says nothing like it." if here else NOWHERE
    return _Finding(AuditVerdict.GONE, here, notices=[said])


def _in_same_bytes(documents: Documents, same: Document, saved: SavedCitation) -> _Finding:
    """The words in a document with the very bytes that were cited.

    Where they are not there, the citation was edited, or Quaere reads the format in a new way.
    """
    text = documents.text(same)
    cited = (saved.start, saved.end)
    if text[saved.start : saved.end] == saved.quote:
        found = _Finding(AuditVerdict.INTACT, same, cited)
    elif words := best_occurrence(text, saved):
        found = _Finding(AuditVerdict.MOVED, same, words)
        found.notices.append("The file is the one cited; it holds the words at other offsets.")
    elif near := nearest_in(documents, same, saved):
        found = replace(_become(near, saved), notices=[NEVER])
    elif said := text[saved.start : saved.end]:
        words = (saved.start, saved.start + len(said))
        whole = Change(0, len(saved.quote), saved.quote, *words, said)
        found = _Finding(AuditVerdict.CHANGED, same, words, (whole,), [NEVER])
    else:
        found = _Finding(AuditVerdict.GONE, same, notices=[NEVER])
    if str(same.path) != saved.path:
        found.notices.insert(0, f"The file is now {same.path}.")
    return found


def _standing(documents: Documents, here: Document, saved: SavedCitation) -> _Finding | None:
    """The same words in the document at the path, whose bytes are others now."""
    text = documents.text(here)
    words = best_occurrence(text, saved)
    if words is None or not _is_telling(text, words, saved):
        return None
    stays = words == (saved.start, saved.end)
    found = _Finding(AuditVerdict.INTACT if stays else AuditVerdict.MOVED, here, words)
    if stays:
        found.notices.append("The file has changed in other places.")
    if text[slice(*words)] != saved.quote:
        found.notices.append("White space differs.")
    return found


def _elsewhere(
    documents: Documents, here: Document | None, saved: SavedCitation
) -> _Finding | None:
    """The same words in another document: of several the one where the surroundings agree best."""
    found = []
    for document in documents.holding(saved.quote):
        text = documents.text(document)
        if document == here or not (words := best_occurrence(text, saved)):
            continue
        if _is_telling(text, words, saved):
            found.append((-agreement(text, words, saved), str(document.path), document, words))
    if not found:
        return None
    _, _, document, words = min(found, key=lambda one: one[:2])
    said = [f"{document.path} holds the words."]
    if others := len(found) - 1:
        said.append(
            f"So do {others} other documents." if others > 1 else "So does another document."
        )
    return _Finding(AuditVerdict.MOVED, document, words, notices=said)


def _become(near: Nearest, saved: SavedCitation, there: _Finding | None = None) -> _Finding:
    """What the words have become; they are the same where only what the rules name differs."""
    words, path = (near.start, near.end), str(near.document.path)
    found = _Finding(AuditVerdict.CHANGED, near.document, words, near.changes)
    if near.same:
        stays = path == saved.path and words == (saved.start, saved.end)
        found.verdict = AuditVerdict.INTACT if stays else AuditVerdict.MOVED
    if near.same and near.rules:
        found.notices.append(f"The words differ only in: {', '.join(near.rules)}.")
    if path != saved.path:
        found.notices.append(f"{path} says it.")
    if there and there.document:
        found.notices.append(f"The words as cited stand in {there.document.path}.")
    return found


def _is_telling(text: str, words: Span, saved: SavedCitation) -> bool:
    if in_context(text, words, saved) is not False:
        return True
    return len(written_words(saved.quote)) >= TELLING_WORDS


def _note_files(documents: Documents, saved: SavedCitation, finding: _Finding) -> bool:
    """Whether a file behind the finding is not as it was indexed, with notices of what is so."""
    concerned = {one.path: one for one in (documents.at(saved.path), finding.document) if one}
    states = {path: documents.on_disk(one) for path, one in concerned.items()}
    for path, as_indexed in states.items():
        if as_indexed is None:
            finding.notices.append(f"{path} cannot be read on disk now.")
        elif not as_indexed:
            finding.notices.append(
                f"{path} has changed since it was indexed: run `qa add` to hear of it as it is."
            )
    return False in states.values()
