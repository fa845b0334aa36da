"""A folder of documents whose every sentence is known by name, and what is done to them.

The truth about a citation is told by where its sentences are, not by comparing texts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

SYLLABLES = ["".join(pair) for pair in product("bdfglmnprstv", "aeiou")]
SUFFIXES = (".txt", ".md", ".html")


@dataclass(eq=False)
class Span:
    """One to three sentences that are cited together."""

    text: str
    twin: Span | None = None
    """The same words in a document that reprints them."""


@dataclass(eq=False)
class Made:
    """A document: a title, and paragraphs of spans."""

    path: Path
    title: str
    paragraphs: list[list[Span]]
    gap: str = "\n\n"
    """Between paragraphs, in the file."""
    was: bytes = b""
    """The file when it was cited."""
    said: dict[Span, str] = field(default_factory=dict)
    """What each span said then."""

    def parts(self, gap: str) -> Iterator[tuple[Span | None, str]]:
        """The text in pieces, each a span's or what parts them."""
        yield None, self.title
        for paragraph in self.paragraphs:
            for place, span in enumerate(paragraph):
                yield None, " " if place else gap
                yield span, span.text

    def canonical(self) -> str:
        """The text a reader makes of the file."""
        gap = "\n\n" if self.path.suffix == ".html" else self.gap
        title = f"# {self.title}" if self.path.suffix == ".md" else self.title
        return title + "".join(text for _, text in list(self.parts(gap))[1:])

    def start(self, wanted: Span) -> int:
        """Where a span begins in the canonical text."""
        gap = "\n\n" if self.path.suffix == ".html" else self.gap
        at = 2 if self.path.suffix == ".md" else 0
        for span, text in self.parts(gap):
            if span is wanted:
                return at
            at += len(text)
        raise KeyError(wanted.text)

    def spans(self) -> list[Span]:
        """What can be cited, in order."""
        return [span for paragraph in self.paragraphs for span in paragraph]

    def file(self) -> bytes:
        """The bytes of the file."""
        if self.path.suffix != ".html":
            return self.canonical().encode()
        body = self.gap.join(
            f"<p>{' '.join(span.text for span in paragraph)}</p>" for paragraph in self.paragraphs
        )
        return (
            f"<!DOCTYPE html><html><head><title>{self.title}</title></head><body><main>"
            f"<h1>{self.title}</h1>{self.gap}{body}</main></body></html>"
        ).encode()


class Writer:
    """Sentences that are not like one another, from a seed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def word(self) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 4)))

    def sentence(self) -> str:
        return " ".join(self.word() for _ in range(self.chance.randint(8, 16))).capitalize() + "."

    def span(self) -> Span:
        return Span(" ".join(self.sentence() for _ in range(self.chance.randint(1, 3))))

    def paragraph(self) -> list[Span]:
        return [self.span() for _ in range(self.chance.randint(2, 4))]

    def document(self, path: Path) -> Made:
        paragraphs = [self.paragraph() for _ in range(self.chance.randint(4, 6))]
        return Made(path, self.sentence()[:-1], paragraphs)


def folder(root: Path, files: int, chance: random.Random) -> list[Made]:
    """So many documents; every sixth reprints a paragraph of the one before it."""
    writer = Writer(chance)
    made = [writer.document(root / f"{n:02}{SUFFIXES[n % 3]}") for n in range(files)]
    for n in range(6, files, 6):
        first = chance.choice(made[n - 1].paragraphs)
        copied = [Span(span.text, twin=span) for span in first]
        for span, copy in zip(first, copied, strict=True):
            span.twin = copy
        made[n].paragraphs.insert(chance.randint(0, 3), copied)
    for document in made:
        document.was = document.file()
        document.said = {span: span.text for span in document.spans()}
    return made


def insert(document: Made, writer: Writer) -> None:
    """A new sentence before some span."""
    paragraph = writer.chance.choice(document.paragraphs)
    paragraph.insert(writer.chance.randrange(len(paragraph)), Span(writer.sentence()))


def change(document: Made, writer: Writer) -> None:
    """Another word in some span that stands nowhere else."""
    span = writer.chance.choice([one for one in document.spans() if not one.twin])
    words = span.text.split(" ")
    at = writer.chance.randrange(len(words))
    tail = words[at][len(words[at].rstrip(".")) :]
    other = writer.word() + "x"  # no word of ours has one
    words[at] = (other.capitalize() if words[at][0].isupper() else other) + tail
    span.text = " ".join(words)


def delete(document: Made, writer: Writer) -> None:
    """Some span taken out, if its paragraph has others."""
    paragraph = writer.chance.choice(document.paragraphs)
    if len(paragraph) > 1:
        paragraph.pop(writer.chance.randrange(len(paragraph)))


def reformat(document: Made, writer: Writer) -> None:
    """Other white space between the paragraphs."""
    document.gap = writer.chance.choice(["\n\n\n", "\n \n", "\n\n  \n"])


EDITS = (insert, change, change, change, delete, delete, reformat)


def edit(document: Made, writer: Writer) -> None:
    """Any edit, or several."""
    for _ in range(writer.chance.choice([1, 2, 4, 6])):
        writer.chance.choice(EDITS)(document, writer)


def rework(documents: list[Made], writer: Writer) -> tuple[list[Made], list[Made]]:
    """Every file edited, renamed, swapped, deleted or restored.

    What is left in the end, and what of it was away for a while.
    """
    left = list(documents)
    restored = []
    for n, document in enumerate(documents):
        fate = writer.chance.choice(
            ["edit", "edit", "edit", "rename", "both", "swap", "delete", "restore"]
        )
        if fate in {"edit", "both"}:
            edit(document, writer)
        if fate in {"rename", "both"}:
            document.path = document.path.with_name(f"renamed-{n:02}{document.path.suffix}")
        if fate == "swap":
            same_format = [one for one in left if one.path.suffix == document.path.suffix]
            other = writer.chance.choice(same_format)
            document.path, other.path = other.path, document.path
        if fate == "delete":
            left.remove(document)
        if fate == "restore":
            restored.append(document)
    return left, restored


def write_all(root: Path, documents: list[Made]) -> None:
    """Make the folder hold these documents and no others."""
    files = {document.path: document.file() for document in documents}
    for path in root.iterdir():
        if path not in files:
            path.unlink()
    for path, data in files.items():
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
