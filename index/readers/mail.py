"""Mail: header lines as people see them, then the text; attached files become documents.

Parsing is the standard library's.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesFeedParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from index.errors import FileDamaged, FileEncrypted, LimitExceeded
from index.readers.dates import iso_date
from index.readers.mail_attachments import attachments
from index.readers.mail_body import body
from index.readers.mail_headers import PARSER_FAILS, LenientPolicy, header_values, one_line
from index.readers.stated import url
from index.types import Mark, Metadata, SourceText

SHOWN = ("From", "To", "Cc", "Date", "Subject")

TELLING = frozenset(("from", "to", "cc", "date", "subject", "message-id", "received"))
"""A text may begin with a line that has a colon. A mail has at least one of these."""

_SEALED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))


def read(path: Path, data: bytes) -> SourceText:
    """The headers people read, the text in plain form if there is one, and what is attached."""
    message = _parsed(path, data)
    headers = "\n".join(
        f"{name}: {value}" for name in SHOWN for value in header_values(message, name)
    )
    found = body(path, message)
    if not found.text and message.get_content_type() in _SEALED:
        raise FileEncrypted(
            path,
            "its text is encrypted or sealed (S/MIME or PGP).",
            "Open it in your mail program, and save what it shows.",
        )
    start = len(headers) + 2 if headers else 0
    marks = [Mark(0, "part", 0, "mail headers")] if headers else []
    if headers and found.text:
        marks.append(Mark(start, "part", 0, ""))
    moved = found.moved(start)
    return SourceText(
        "\n\n".join(filter(None, (headers, found.text))),
        _metadata(message),
        (*marks, *moved.marks),
        breaks=(start, *moved.breaks) if headers and found.text else moved.breaks,
        attachments=attachments(path, message, len(data)),
    )


def _parsed(path: Path, data: bytes) -> EmailMessage:
    # Fed in pieces, since the parser holds four bytes for each byte it is given at once.
    parser: BytesFeedParser[EmailMessage] = BytesFeedParser(EmailMessage, policy=LenientPolicy())
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        for start in range(0, len(data), 2**20):
            parser.feed(data[start : start + 2**20])
        message = parser.close()
    except RecursionError:
        raise LimitExceeded(
            path,
            "its parts nest too deep.",
            "Open it in your mail program, and save the parts you need.",
        ) from None
    if not TELLING & {name.lower() for name in message}:
        raise FileDamaged(
            path,
            "it has no mail headers.",
            "Save the mail again from your mail program, with its source.",
        )
    return message


def _metadata(message: EmailMessage) -> Metadata:
    archived = " ".join(header_values(message, "Archived-At")).strip("<> ")
    dates = (_day(value) for value in header_values(message, "Date"))
    return Metadata(
        title=next(header_values(message, "Subject"), None),
        author=_author(message),
        date=next(filter(None, dates), None),
        url=url(archived),
        type="personal_communication",
    )


def _author(message: EmailMessage) -> str | None:
    """Who the mail is from: names, or addresses of those without."""
    try:
        addresses = getattr(message.get("From"), "addresses", ())
        names = [address.display_name or address.addr_spec for address in addresses]
    except PARSER_FAILS:
        names = []
    plain = [one_line(name) for name in names]
    return "; ".join(filter(None, plain)) or next(header_values(message, "From"), None)


def _day(written: str) -> str | None:
    """The day in the sender's time zone."""
    try:
        return iso_date(written) or parsedate_to_datetime(written).date().isoformat()
    except (ValueError, TypeError, LookupError, ArithmeticError):
        return None
