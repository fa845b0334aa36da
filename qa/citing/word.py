"""Passages that were collected, as a Word document; the only door to python-docx.

python-docx knows no footnotes: their part is written here, as ECMA-376 part 1 has it (17.11).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from index.spans import BLANK_LINES
from qa.citing.collected import REFERENCES, Collected
from qa.citing.styles import in_texts, reference_list

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

NOTES = "/word/footnotes.xml"
NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0">'
    "<w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>"
)
"""What Word draws between a page's text and its notes."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Control characters, of which XML can hold none (XML 1.0, section 2.2)."""


def word(passages: Sequence[Collected], style: str, title: str) -> bytes:
    """Block quotations, each with its citation as a footnote, and the sources in a list."""
    import docx

    citations = [one.citation for one in passages]
    document = docx.Document()
    described = document.core_properties
    described.author, described.comments, described.title = "", "", _fit(title.strip())
    if title.strip():
        document.add_heading(_fit(title.strip()), 0)
    reference = _note_styles(document)
    for number, one in enumerate(passages, start=1):
        _quote(document, one.citation.quote)
        _refer(document.paragraphs[-1], number, reference)
        for part in _paragraphs(one.note):
            document.add_paragraph(part)
    _append_notes(document, in_texts(citations, style, "html"))
    document.add_heading(REFERENCES, 1)
    for entry in reference_list(citations, style, "html"):
        paragraph = document.add_paragraph()
        for words, italic in _runs(entry):
            paragraph.add_run(words).italic = italic or None
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _quote(document: Document, words: str) -> None:
    for part in _paragraphs(words):
        document.add_paragraph(part, "Quote")


def _paragraphs(words: str) -> list[str]:
    """Each on one line, as Word breaks lines by itself."""
    parts = (" ".join(part.split()) for part in BLANK_LINES.split(_fit(words)))
    return [part for part in parts if part]


def _note_styles(document: Document) -> str:
    """Add the styles that Word has for notes; the id of the one for their numbers."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    text: Any = document.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    text.base_style = document.styles["Normal"]
    text.font.size = Pt(9)
    number: Any = document.styles.add_style(
        "footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True
    )
    number.font.superscript = True
    return str(number.style_id)


def _refer(paragraph: Paragraph, number: int, style: str) -> None:
    """Put a note's number after a paragraph's last word."""
    from docx.oxml import parse_xml

    paragraph._p.append(
        parse_xml(
            f'<w:r xmlns:w="{NAMESPACE}"><w:rPr><w:rStyle w:val="{style}"/></w:rPr>'
            f'<w:footnoteReference w:id="{number}"/></w:r>'
        )
    )


def _append_notes(document: Document, notes: Sequence[str]) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    ids = {name: document.styles[f"footnote {name}"].style_id for name in ("text", "reference")}
    number = f'<w:r><w:rPr><w:rStyle w:val="{ids["reference"]}"/></w:rPr><w:footnoteRef/></w:r>'
    written = "".join(
        f'<w:footnote w:id="{at}"><w:p><w:pPr><w:pStyle w:val="{ids["text"]}"/></w:pPr>{number}'
        f"{_run(' ', italic=False)}{''.join(_run(*run) for run in _runs(note))}</w:p></w:footnote>"
        for at, note in enumerate(notes, start=1)
    )
    xml = f'<w:footnotes xmlns:w="{NAMESPACE}">{SEPARATORS}{written}</w:footnotes>'
    package = document.part.package
    assert package is not None  # of a document that was just made
    part = Part(PackURI(NOTES), NOTES_TYPE, xml.encode(), package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _run(words: str, italic: bool) -> str:
    slanted = "<w:rPr><w:i/></w:rPr>" if italic else ""
    return f'<w:r>{slanted}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def _runs(html: str) -> Iterator[tuple[str, bool]]:
    """Words in our HTML, and whether they are in italics.

    >>> list(_runs("Ana, <i>R&amp;D</i>."))
    [('Ana, ', False), ('R&D', True), ('.', False)]
    """
    for part in re.split("(<i>.*?</i>)", html):
        italic = part.startswith("<i>")
        if words := _fit(unescape(part[3:-4] if italic else part)):
            yield words, italic


def _fit(words: str) -> str:
    return _NOT_XML.sub("", words)
