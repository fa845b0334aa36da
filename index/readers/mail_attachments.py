"""Files attached to a mail, under names that can stand in a path."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from email.generator import BytesGenerator
from email.message import EmailMessage
from pathlib import Path, PurePosixPath

from index import readers
from index.errors import LimitExceeded
from index.readers.limits import check_unpacked
from index.readers.mail_body import content, is_attached, parts
from index.readers.mail_headers import PARSER_FAILS, LenientPolicy
from index.types import Attachment

MAX_ATTACHMENTS = 1000

MAX_NAME_CHARACTERS = 200

SUFFIXES = {
    "application/epub+zip": ".epub",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "text/tab-separated-values": ".tsv",
}
"""For files whose name does not say what they are, by the type the mail states."""


def attachments(path: Path, message: EmailMessage, size: int) -> tuple[Attachment, ...]:
    """The attached files that can be read; of others, such as pictures, nothing is kept.

    `size` is that of the whole mail.

    Raises:
        LimitExceeded: when they are too many or too large.
    """
    found: list[Attachment] = []
    taken: set[str] = set()
    total = 0
    for part in _files(message):
        name = safe_name(part)
        if not readers.is_readable(PurePosixPath(name)):
            continue
        data = _data(part)
        total += len(data)
        check_unpacked(path, size, total)
        name = _unlike(taken, name)
        taken.add(name)
        found.append(Attachment(name, data))
        if len(found) > MAX_ATTACHMENTS:
            raise LimitExceeded(
                path,
                f"more than {MAX_ATTACHMENTS:,} files are attached to it.",
                "Save them as files of their own, and add those.",
            )
    return tuple(found)


def _files(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are files, mails in the mail included, in order."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_type() == "message/rfc822" or (
            is_attached(part) and part.get_content_maintype() != "multipart"
        ):
            yield part
        elif part.get_content_maintype() == "multipart":
            waiting.extend(reversed(list(parts(part))))


def _data(part: EmailMessage) -> bytes:
    inner = next(parts(part), None)
    if part.get_content_type() == "message/rfc822" and inner is not None:
        written = io.BytesIO()
        as_it_is = LenientPolicy(refold_source="none")
        try:
            BytesGenerator(written, mangle_from_=False, policy=as_it_is).flatten(inner)
        except PARSER_FAILS:
            return b""  # which is refused as a mail without headers, and so not lost from sight
        return written.getvalue()
    return content(part)


def safe_name(part: EmailMessage) -> str:
    """The file's name without folders, and nothing in it that cannot be seen."""
    stated = part.get_filename() or _subject(part)
    name = stated.replace("\\", "/").rstrip("/").rpartition("/")[2]
    visible = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = " ".join(visible.split())
    if not name.strip("."):
        name = "attachment"
    suffix = SUFFIXES.get(part.get_content_type(), "")
    mail = suffix == ".eml"
    if suffix and (not PurePosixPath(name).suffix or mail) and not name.lower().endswith(suffix):
        name += suffix
    stem, suffix = _parted(name)
    return stem[: max(1, MAX_NAME_CHARACTERS - len(suffix))] + suffix


def _subject(part: EmailMessage) -> str:
    """What a mail in the mail is about, in place of a name; slashes there part no folders."""
    inner = next(parts(part), None)
    return str(inner.get("Subject", "")).replace("/", "-").replace("\\", "-") if inner else ""


def _parted(name: str) -> tuple[str, str]:
    """Stem and suffix; of files packed with gzip both suffixes count as one."""
    path = PurePosixPath(name)
    suffix = path.suffix
    if suffix.lower() == readers.PACKED:
        suffix = PurePosixPath(path.stem).suffix + suffix
    suffix = suffix if len(suffix) <= 20 else ""
    return name[: len(name) - len(suffix)], suffix


def _unlike(taken: set[str], name: str) -> str:
    """The name, numbered if there is such a one already."""
    stem, suffix = _parted(name)
    number = 1
    while name in taken:
        number += 1
        name = f"{stem} ({number}){suffix}"
    return name
