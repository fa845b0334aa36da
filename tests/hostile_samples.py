"""Files made to do harm, broken files, and files in odd encodings; made when they are needed."""

from __future__ import annotations

import gzip
import io
import os
import socket
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from made_files import (
    CONTENT_TYPES,
    DOCX_BODY,
    docx,
    docx_paragraph,
    epub,
    package,
    pdf,
    pdf_saying,
    xhtml,
)
from pypdf import PdfReader, PdfWriter

MEGABYTE = 2**20
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")
SENTENCE = "The rice was carried over the mountain before the rain came down. "
LAUGHS = "<!DOCTYPE lolz [<!ENTITY lol0 'lol'>" + "".join(
    f"<!ENTITY lol{n} '{f'&lol{n - 1};' * 10}'>" for n in range(1, 10)
)


def encrypted_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_saying("Secret."))))
    writer.encrypt("user", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def expanding_pdf() -> bytes:
    """600 KB of which 600 MB come, a thousand times as much."""
    return pdf(deflated(b" ", 600 * MEGABYTE), b"/Filter/FlateDecode")


def deflated(piece: bytes, size: int) -> bytes:
    packer = zlib.compressobj(9)
    block = piece * (MEGABYTE // len(piece))
    return b"".join([*(packer.compress(block) for _ in range(size // len(block))), packer.flush()])


def expanding_docx() -> bytes:
    """1 MB of which 400 MB come."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        with archive.open("word/document.xml", "w") as file:
            file.write(f"{DOCX_BODY}<w:body>".encode())
            paragraph = docx_paragraph("rice " * 200).encode()
            for _ in range(400 * MEGABYTE // len(paragraph)):
                file.write(paragraph)
            file.write(b"</w:body></w:document>")
    return out.getvalue()


def deep_html() -> bytes:
    return b"<div>" * 20_000 + b"<p>" + SENTENCE.encode() + b"</p>" + b"</div>" * 20_000


def gzip_bomb() -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as file:
        for _ in range(500):
            file.write(bytes(b"rice " * (MEGABYTE // 5)))
    return out.getvalue()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def socket_file(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # a socket's path must be short


def looping_link(path: Path) -> None:
    path.symlink_to(path.name)


def unreadable(path: Path) -> None:
    path.write_text(SENTENCE)
    path.chmod(0)


SCANNED = pdf(b"q 100 0 0 100 0 0 cm Q")
"""A page on which nothing is written."""

Make = Callable[[], bytes]

REFUSED: dict[str, tuple[bytes | Make, str]] = {
    "encrypted.pdf": (encrypted_pdf, "file-encrypted"),
    "truncated.pdf": (pdf_saying(SENTENCE)[:-200], "file-damaged"),
    "expanding.pdf": (expanding_pdf, "limit-exceeded"),
    "scanned.pdf": (SCANNED, "no-text-layer"),
    "text.pdf": (SENTENCE.encode(), "file-damaged"),
    "page.docx": (xhtml(SENTENCE).encode(), "file-damaged"),
    "expanding.docx": (expanding_docx, "limit-exceeded"),
    "laughing.docx": (docx(docx_paragraph("&lol9;"), f"{LAUGHS}]>"), "file-damaged"),
    "laughing.epub": (epub(xhtml("Rice."), before=f"{LAUGHS}]>"), "file-damaged"),
    "climbing.odt": (package(**{"../../outside.txt": "out"}), "file-damaged"),
    "archive.txt": (docx(docx_paragraph(SENTENCE)), "file-binary"),
    "document.txt": (encrypted_pdf, "file-binary"),
    "picture.html": (PNG, "file-binary"),
    "picture.eml": (PNG, "file-damaged"),
    "nul.txt": (b"Rice\0and\0more rice.", "file-binary"),
    "halves.txt": (
        b"\xff\xfe" + "Ri\ud800ce.".encode("utf-16-le", "surrogatepass"),
        "file-undecodable",
    ),
    "torn.jsonl": (b'{"text": "Rice."}\n{"text": "Ri', "file-damaged"),
    "bomb.txt.gz": (gzip_bomb, "limit-exceeded"),
    "torn.txt.gz": (gzip.compress(SENTENCE.encode())[:-9], "file-damaged"),
    "empty.md": (b"", "file-empty"),
}
"""By name: the content, and the code of the refusal."""

UNREADABLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "pipe.txt": (pipe, "file-unreadable"),
    "socket.txt": (socket_file, "file-unreadable"),
    "secret.txt": (unreadable, "file-unreadable"),
    "loop.txt": (looping_link, "path-loops"),
}
"""The same for what is no file with a content."""

LONG_LINE = SENTENCE * (5 * MEGABYTE // len(SENTENCE))
WITHOUT_A_STOP = "rice and more " * (MEGABYTE // 50)
MARKED_UP = f'<p class="{"a" * 400}">{SENTENCE}</p>'
PARAGRAPHS = 5 * MEGABYTE // len(MARKED_UP)

READ: dict[str, tuple[bytes | Make, str]] = {
    "utf16.txt": ("Gạo được gửi đi.\n".encode("utf-16"), "Gạo được gửi đi.\n"),
    "utf16.html": (xhtml("Gạo được gửi đi.").encode("utf-16"), "Gạo được gửi đi."),
    "japanese.txt": (
        ("米は島に送られました。それはすぐに食べられた。\n" * 9).encode("shift_jis"),
        "米は島に送られました。それはすぐに食べられた。\n" * 9,
    ),
    "western.txt": (
        "Der Reis kostete 5 € — „zu viel“, sagte Zoë.\n".encode("cp1252"),
        "Der Reis kostete 5 € — „zu viel“, sagte Zoë.\n",
    ),
    "decomposed.md": (
        "Le cafe\u0301 de To\u0302 La\u0302m.\n".encode(),
        "Le cafe\u0301 de To\u0302 La\u0302m.\n",
    ),
    "crlf.txt": (
        b"Rice.\r\nMore rice.\r\n\r\nThe end.\r\n",
        "Rice.\r\nMore rice.\r\n\r\nThe end.\r\n",
    ),
    "halves.jsonl": (rb'{"text": "Ri\ud800ce \ud83c\udf3e."}', "text: Ri\ufffdce \U0001f33e."),
    "nul.jsonl": (rb'{"text": "Ri\u0000ce."}', "text: Ri\ufffdce."),
    "packed.txt.gz": (gzip.compress(SENTENCE.encode()), SENTENCE),
    "long-line.txt": (LONG_LINE.encode(), LONG_LINE),
    "without-a-stop.txt": (WITHOUT_A_STOP.encode(), WITHOUT_A_STOP),
    "long-line.html": (
        (MARKED_UP * PARAGRAPHS).encode(),
        "\n\n".join([SENTENCE.strip()] * PARAGRAPHS),
    ),
    "deep.html": (deep_html, SENTENCE.strip()),
    "climbing.docx": (docx(docx_paragraph("Rice."), **{"../../outside.txt": "out"}), "Rice."),
    "climbing.epub": (epub(xhtml("Rice."), "../../outside.xhtml"), "Rice."),
}
"""By name: the content, and the canonical text."""


def make(folder: Path) -> None:
    """All of them, in one folder."""
    for name, (content, _) in (REFUSED | READ).items():
        (folder / name).write_bytes(content() if callable(content) else content)
    for name, (make_one, _) in UNREADABLE.items():
        make_one(folder / name)
