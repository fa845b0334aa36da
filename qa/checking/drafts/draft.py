"""A draft: its text, what a reader sees of it, and the way back from there to the text."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index import readers
from index.errors import FileRefused
from index.locate import Locations
from index.readers.frontmatter import front_matter
from index.readers.markdown import headings
from index.reading import reading
from index.scan import hash_file, resolve
from index.segment import Outline, paragraphs
from index.sentences import untaught
from index.types import Failure, Locator, SourceFile, SourceText, Span
from qa.checking.drafts import markdown, plain
from qa.checking.drafts.prose import Paragraph, Prose, width

MARKDOWN = frozenset((".md", ".markdown"))
PLAIN = frozenset((".txt", ".text"))

_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text to be checked. Offsets in `prose` are what quotations and sentences are told in."""

    path: Path | None
    sha256: str | None
    """Of the file; None of a text that came without one."""
    content: SourceText
    """The canonical text; of Markdown and plain text that is the decoded file."""
    prose: str
    """What a reader sees: Markdown without its markup, plain text without > before lines."""
    places: array[int]
    """For each character of the prose, and for its end, the offset in the canonical text."""
    paragraphs: tuple[Paragraph, ...]
    blocks: tuple[Span, ...]
    """Block quotations in the prose, without whose they are; the outer before those in it."""
    literal: tuple[Span, ...] = ()
    """Code within lines of prose, where quotation marks are none."""
    locations: Locations = field(kw_only=True, repr=False, compare=False)

    def span(self, start: int, end: int) -> Span:
        """The stretch of the canonical text from which prose[start:end] comes."""
        if start >= end:
            return self.places[start], self.places[start]
        last = self.places[end - 1]
        return self.places[start], last + width(self.content.text, last, self.places[end])

    def locator(self, start: int, end: int) -> Locator:
        """Where prose[start:end] stands in the draft."""
        first, last = self.span(start, end)
        return self.locations.locator(first, max(last, first + 1))

    def sentences(self, among: Iterable[Paragraph] | None = None) -> list[Span]:
        """The sentences of the prose, or of some of its paragraphs."""
        return [
            sentence
            for paragraph in (self.paragraphs if among is None else among)
            for sentence in untaught().split(self.prose, (paragraph.start, paragraph.end))
        ]


def read_draft(path: Path) -> Draft:
    """Read a draft of any format that can be indexed; what is attached to it is left out.

    Raises:
        FileRefused: one of its subclasses, with what to do.
    """
    real = resolve(path)
    source = SourceFile(real, hash_file(real).sha256)
    suffix = real.suffix.lower()
    content = next(_read(source, suffix)).content
    if isinstance(content, Failure):
        raise _refusal(content)
    if suffix in MARKDOWN:
        _, start = front_matter(content.text)
        return _draft(content, markdown.read(content.text, start), source)
    if suffix in PLAIN:
        return _draft(content, plain.read(content), source)
    return _draft(content, plain.read_marked(content), source)


def draft_of(text: str, markdown: bool) -> Draft:
    """A draft of a text that comes without a file."""
    text = _NOT_STORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return _of_markdown(text) if markdown else _of_plain(text)


def _of_markdown(text: str) -> Draft:
    _, start = front_matter(text)
    content = SourceText(text, marks=tuple(headings(text, start)), is_the_file=True)
    return _draft(content, markdown.read(text, start))


def _of_plain(text: str) -> Draft:
    content = SourceText(text, is_the_file=True)
    return _draft(content, plain.read(content))


def _read(source: SourceFile, suffix: str) -> Iterator[readers.Reading]:
    """Read it here if it is text; libraries for other formats are not to be trusted so far."""
    if suffix in MARKDOWN | PLAIN:
        yield from readers.read(source)
        return
    with reading() as reader:
        yield from next(reader.read([source]))


def _draft(content: SourceText, prose: Prose, source: SourceFile | None = None) -> Draft:
    marked = [mark.start for mark in content.marks if mark.kind == "heading" and mark.label]
    outline = Outline(content.breaks, tuple(marked))
    spans = paragraphs(plain.one_line_end(content.text), outline)
    return Draft(
        source.path if source else None,
        source.sha256 if source else None,
        content,
        prose.text,
        prose.places,
        prose.paragraphs,
        prose.blocks,
        prose.literal,
        locations=Locations(content, [start for start, _ in spans]),
    )


def _refusal(failure: Failure) -> FileRefused:
    """A failure as the error it was before it went through a process's door."""
    kinds = {kind.code: kind for kind in FileRefused.__subclasses__()}
    message = failure.message.removeprefix(f"{failure.path}: ")
    return kinds.get(failure.code, FileRefused)(failure.path, message, failure.remedy)
