"""Files of every format, made of a book each sentence of which holds a marker such as "mk0042".

What makes a file knows where each marker stands in it: on which page, in which
row, under which headings. What is read can be held against that.
"""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import random
import re
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from itertools import count

import docx as python_docx
import pptx as python_pptx
from generated import VOCABULARY
from made_files import CONTAINER
from odf import text as odf_text
from odf.opendocument import OpenDocumentText
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class Place:
    """Where a marker stands, as far as the format has such places."""

    headings: tuple[str, ...] = ()
    paragraph: int | None = None
    """Under the innermost heading; None of what is a heading itself, or no prose."""
    counted: int = 0
    """Paragraphs up to this one, since the beginning or since the part began."""
    line: int | None = None
    last_line: int | None = None
    """Of a title with a rule below."""
    page: int | None = None
    label: str | None = None
    slide: int | None = None
    row: int | None = None
    part: str | None = None


@dataclass(frozen=True)
class Section:
    title: str
    level: int
    path: tuple[str, ...]
    paragraphs: list[list[str]]
    """Each some sentences."""


@dataclass(frozen=True)
class Marked:
    data: bytes
    places: dict[str, Place]
    """By marker, in the order in which they stand."""


@dataclass
class _Writing:
    """A file that grows, and where its markers stand."""

    places: dict[str, Place] = field(default_factory=dict)
    _counted: int = 0

    def title(self, section: Section, **where: object) -> str:
        self._note(section.title, Place(section.path, **where))  # type: ignore[arg-type]
        return section.title

    def sentence(self, sentence: str, section: Section, number: int, **where: object) -> str:
        place = Place(section.path, number, self._counted, **where)  # type: ignore[arg-type]
        self._note(sentence, place)
        return sentence

    def paragraph(self, section: Section, number: int, **where: object) -> str:
        self.next()
        sentences = section.paragraphs[number - 1]
        return " ".join(self.sentence(each, section, number, **where) for each in sentences)

    def next(self) -> None:
        self._counted += 1

    def _note(self, words: str, place: Place) -> None:
        [marker] = markers(words)
        self.places[marker] = place


def markers(words: str) -> list[str]:
    """The markers in a text, in order."""
    return re.findall(r"\bmk\d{4}\b", words)


def book(seed: int) -> list[Section]:
    """Sections with titles of several levels, some of them without text of their own."""
    chance = random.Random(seed)
    numbers = count(1)

    def words(fewest: int, most: int) -> str:
        chosen = chance.choices(VOCABULARY, k=chance.randint(fewest, most))
        chosen.insert(chance.randint(1, len(chosen)), f"mk{next(numbers):04}")
        return " ".join(chosen)

    sections: list[Section] = []
    level, path = 0, ()
    for _ in range(chance.randint(4, 7)):
        level = chance.randint(1, min(level + 1, 3))
        title = f"On {words(1, 3)}"
        path = (*path[: level - 1], title)
        paragraphs = [
            [f"It was {words(2, 14)}." for _ in range(chance.randint(1, 9))]
            for _ in range(chance.choice((0, 1, 2, 3, 4)) if sections else 2)
        ]
        sections.append(Section(title, level, path, paragraphs))
    return sections


def _by_line(sections: list[Section], heading: Callable[[str, int], list[str]] | None) -> Marked:
    """A sentence a line; `heading` writes a title's lines, the first of them its words."""
    lines: list[str] = []
    writing = _Writing()
    whole = 0
    for section in sections:
        if heading:
            written = heading(section.title, section.level)
            at = len(lines) + 1
            writing.title(section, line=at, last_line=at + len(written) - 1)
            lines += [*written, ""]
        under = section if heading else replace(section, path=())
        for number, sentences in enumerate(section.paragraphs, 1):
            writing.next()
            whole += 1
            for sentence in sentences:
                at = len(lines) + 1
                counted = number if heading else whole
                lines.append(writing.sentence(sentence, under, counted, line=at, last_line=at))
            lines += [""] * (1 + number % 2)
    return Marked("\n".join(lines).encode(), writing.places)


def plain(sections: list[Section]) -> Marked:
    return _by_line(sections, None)


def packed(sections: list[Section]) -> Marked:
    made = plain(sections)
    return replace(made, data=gzip.compress(made.data))


def markdown(sections: list[Section]) -> Marked:
    return _by_line(sections, lambda title, level: [f"{'#' * level} {title}"])


def restructured(sections: list[Section]) -> Marked:
    return _by_line(sections, lambda title, level: [title, "=-~"[level - 1] * len(title)])


def _marked_up(sections: list[Section], writing: _Writing) -> Iterator[str]:
    for section in sections:
        title = html.escape(writing.title(section))
        yield f"<h{section.level}>{title}</h{section.level}>"
        for number in range(1, len(section.paragraphs) + 1):
            yield f"<p>{html.escape(writing.paragraph(section, number))}</p>"


def page(sections: list[Section]) -> Marked:
    writing = _Writing()
    body = "\n".join(_marked_up(sections, writing))
    around = f"<nav><a href='/'>Home</a></nav><main>{body}</main><footer>Imprint</footer>"
    whole = f"<!doctype html><html><head><title>Rice</title></head><body>{around}</body></html>"
    return Marked(whole.encode(), writing.places)


def epub(sections: list[Section]) -> Marked:
    """A file for each section of the first level."""
    writing = _Writing()
    chapters: list[list[Section]] = []
    for section in sections:
        if section.level == 1:
            chapters.append([])
        chapters[-1].append(section)
    items, spine = "", ""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        for number, chapter in enumerate(chapters):
            body = "".join(_marked_up(chapter, writing))
            archive.writestr(
                f"{number}.xhtml",
                f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>',
            )
            items += (
                f'<item id="c{number}" href="{number}.xhtml" media-type="application/xhtml+xml"/>'
            )
            spine += f'<itemref idref="c{number}"/>'
        archive.writestr(
            "content.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/>'
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
    return Marked(out.getvalue(), writing.places)


def docx(sections: list[Section]) -> Marked:
    writing, document = _Writing(), python_docx.Document()
    for section in sections:
        document.add_heading(writing.title(section), section.level)
        for number in range(1, len(section.paragraphs) + 1):
            document.add_paragraph(writing.paragraph(section, number))
    out = io.BytesIO()
    document.save(out)
    return Marked(out.getvalue(), writing.places)


def odt(sections: list[Section]) -> Marked:
    writing, document = _Writing(), OpenDocumentText()
    for section in sections:
        title = writing.title(section)
        document.text.addElement(odf_text.H(outlinelevel=section.level, text=title))
        for number in range(1, len(section.paragraphs) + 1):
            document.text.addElement(odf_text.P(text=writing.paragraph(section, number)))
    out = io.BytesIO()
    document.write(out)
    return Marked(out.getvalue(), writing.places)


def rtf(sections: list[Section]) -> Marked:
    writing = _Writing()
    body = ""
    for section in sections:
        body += f"\\pard\\plain\\outlinelevel{section.level - 1} {writing.title(section)}\\par\n"
        for number in range(1, len(section.paragraphs) + 1):
            body += f"\\pard\\plain {writing.paragraph(section, number)}\\par\n"
    return Marked(f"{{\\rtf1\\ansi\\deff0 {body}}}".encode(), writing.places)


def pptx(sections: list[Section]) -> Marked:
    """A slide for each section; its last paragraph, where there are two, in the notes."""
    writing, deck = _Writing(), python_pptx.Presentation()
    for at, section in enumerate(sections, 1):
        alone = replace(section, path=(section.title,))
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = writing.title(alone, slide=at)
        bodies = range(1, len(section.paragraphs) + (len(section.paragraphs) < 2))
        shown = [writing.paragraph(alone, number, slide=at) for number in bodies]
        slide.placeholders[1].text_frame.text = "\n".join(shown)
        if len(section.paragraphs) > 1:
            notes = replace(alone, paragraphs=section.paragraphs[-1:])
            said = writing.paragraph(notes, 1, slide=at, part="speaker notes")
            slide.notes_slide.notes_text_frame.text = said
    out = io.BytesIO()
    deck.save(out)
    return Marked(out.getvalue(), writing.places)


def mail(sections: list[Section]) -> Marked:
    """The first title is the subject, the others are left out."""
    writing = _Writing()
    message = EmailMessage()
    message["From"] = "ana@a.example"
    message["Subject"] = writing.title(replace(sections[0], path=()), part="mail headers")
    every = [paragraph for section in sections for paragraph in section.paragraphs]
    body = Section("", 1, (), every)
    paragraphs = [writing.paragraph(body, number) for number in range(1, len(every) + 1)]
    message.set_content("\n\n".join(paragraphs), cte="quoted-printable")
    return Marked(bytes(message), writing.places)


def _table(sections: list[Section], delimiter: str) -> Marked:
    """A row for each paragraph, a cell for each sentence; some cells have an empty line."""
    writing, line, row = _Writing(), 2, 1
    rows = [["first", "second", "third"]]
    for section in sections:
        for number, sentences in enumerate(section.paragraphs, 1):
            row += 1
            cells = []
            for sentence in sentences:
                broken = "\n" if len(cells) == 1 and number % 2 else ""
                line += len(broken)
                writing.sentence(sentence, section, number, row=row, line=line, last_line=line)
                cells.append(broken + sentence)
            rows.append(cells)
            line += 1
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return Marked(out.getvalue().encode(), _without_prose(writing.places))


def comma_separated(sections: list[Section]) -> Marked:
    return _table(sections, ",")


def tab_separated(sections: list[Section]) -> Marked:
    return _table(sections, "\t")


def json_lines(sections: list[Section]) -> Marked:
    """A record a section, parted by empty lines now and then."""
    writing, lines = _Writing(), [""]
    for section in sections:
        lines += [""] * (section.level - 1)
        record = {"title": writing.title(section, row=len(lines) + 1), "of": [{"text": ""}]}
        numbers = range(1, len(section.paragraphs) + 1)
        row = len(lines) + 1
        record["of"] = [{"text": writing.paragraph(section, n, row=row)} for n in numbers]
        lines.append(json.dumps(record))
    return Marked("\n".join(lines).encode(), _without_prose(writing.places))


def _without_prose(places: dict[str, Place]) -> dict[str, Place]:
    return {m: replace(place, headings=(), paragraph=None) for m, place in places.items()}


PAGE_LABELS = ("i", "ii", *map(str, range(1, 100)))


def pdf(sections: list[Section]) -> Marked:
    """Two pages are numbered by Roman numerals; a page ends where the next block has no room."""
    writing, out = _Writing(), io.BytesIO()
    canvas = Canvas(out, pagesize=(420, 400))
    canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
    canvas.addPageLabel(2, style="ARABIC", start=1)
    at, y = 1, 360.0

    def room(lines: int) -> dict[str, object]:
        nonlocal at, y
        if y - 13 * lines < 30:
            canvas.showPage()
            at, y = at + 1, 360.0
        return {"page": at, "label": PAGE_LABELS[at - 1]}

    for section in sections:
        where = room(4)
        canvas.bookmarkHorizontalAbsolute(section.title, y + 15)
        canvas.addOutlineEntry(section.title, section.title, section.level - 1)
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(40, y, writing.title(section, **where))
        y -= 30
        for number, sentences in enumerate(section.paragraphs, 1):
            where = room(len(textwrap.wrap(" ".join(sentences), 62)))
            canvas.setFont("Helvetica", 10)
            for line in textwrap.wrap(writing.paragraph(section, number, **where), 62):
                canvas.drawString(40, y, line)
                y -= 13
            y -= 13
    canvas.save()
    return Marked(out.getvalue(), writing.places)


FORMATS: dict[str, Callable[[list[Section]], Marked]] = {
    ".txt": plain,
    ".txt.gz": packed,
    ".md": markdown,
    ".rst": restructured,
    ".html": page,
    ".epub": epub,
    ".docx": docx,
    ".odt": odt,
    ".rtf": rtf,
    ".pptx": pptx,
    ".pdf": pdf,
    ".eml": mail,
    ".csv": comma_separated,
    ".tsv": tab_separated,
    ".jsonl": json_lines,
}
