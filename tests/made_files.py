"""Files of many formats, put together by hand, as small as they can be."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

from generated import paragraphs

CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
DOCX_BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="content.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


def pdf(content: bytes, described: bytes = b"", height: int = 800) -> bytes:
    """A PDF of one page with this content stream."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 %d]/Contents 4 0 R"
        b"/Resources<</Font<</F %b>>>>>>" % (height, font),
        b"<</Length %d%b>>stream\n%b\nendstream" % (len(content), described, content),
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + (
        b"xref\n0 5\n0000000000 65535 f \n%btrailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(out))
    )


def pdf_saying(words: str) -> bytes:
    return pdf(f"BT /F 12 Tf 72 700 Td ({words}) Tj ET".encode())


def package(**entries: str) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(body: str, before: str = "", **others: str) -> bytes:
    """A document with this XML in its body."""
    document = f"{before}{DOCX_BODY}<w:body>{body}</w:body></w:document>"
    return package(
        **{"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document}, **others
    )


def docx_paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def epub(chapter: str, href: str = "1.xhtml", before: str = "") -> bytes:
    """A book of one chapter, this document."""
    book = (
        f'{before}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
        f'<item id="c" href="{href}" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c"/></spine></package>'
    )
    entries = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER}
    return package(**entries, **{"content.opf": book, href: chapter})


def xhtml(words: str, before: str = "") -> str:
    return f'{before}<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{words}</p></body></html>'


def markdown(written: list[str]) -> bytes:
    return "\n\n".join(["# Rice", *written]).encode()


def page(written: list[str]) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in written)
    return f"<html><head><title>Rice</title></head><body><h1>Rice</h1>{body}</body></html>".encode()


def rows(written: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["number", "words"], *enumerate(written)])
    return out.getvalue().encode()


def records(written: list[str]) -> bytes:
    return "".join(json.dumps({"text": paragraph}) + "\n" for paragraph in written).encode()


def mail(written: list[str]) -> bytes:
    """With its second half attached."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ana@a.example", "bo@b.example", "Rice"
    half = len(written) // 2
    message.set_content("\n\n".join(written[:half]))
    message.add_attachment("\n\n".join(written[half:]), filename="attached.txt")
    return bytes(message)


def document(written: list[str]) -> bytes:
    return docx("".join(map(docx_paragraph, written)))


def printed(written: list[str]) -> bytes:
    """One page, however long; each paragraph a few lines and a gap."""
    lines = []
    for paragraph in written:
        words = paragraph.split()
        lines += [" ".join(words[at : at + 20]) for at in range(0, len(words), 20)]
        lines.append("")
    drawn = "".join(f"({line}) Tj 0 -12 Td\n" for line in lines)
    return pdf(
        f"BT /F 10 Tf 20 {12 * len(lines)} Td {drawn}ET".encode(), height=12 * len(lines) + 20
    )


FORMATS: dict[str, Callable[[list[str]], bytes]] = {
    ".txt": lambda written: "\n\n".join(written).encode(),
    ".md": markdown,
    ".html": page,
    ".csv": rows,
    ".jsonl": records,
    ".eml": mail,
    ".docx": document,
    ".pdf": printed,
}
"""What makes a file of some paragraphs, by suffix."""


def made(suffix: str, passages: int, seed: int) -> bytes:
    """A file of about so many passages; another seed, another text."""
    return FORMATS[suffix](paragraphs(passages, seed))
