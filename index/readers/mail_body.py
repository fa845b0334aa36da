"""The text of a mail: its plain form, else its HTML, out of whatever it is wrapped in."""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.errors import InvalidBase64LengthDefect
from email.message import EmailMessage, Message
from pathlib import Path

from index.errors import FileEmpty, FileRefused
from index.readers.text import INVISIBLE, decode
from index.types import Mark, SourceText

HOLLOW_CHARACTERS = 200
"""A plain form shorter than this may merely say that there is an HTML form."""

HOLLOW_RATIO = 5
"""And it does where the HTML form is so many times longer."""

# As browsers read them: labels that promise less than mails under them hold.
# https://encoding.spec.whatwg.org/#names-and-labels
_WIDER = {
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Not charsets: Python's own, of which some take very long for large texts.
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


@dataclass(frozen=True, slots=True)
class Body:
    """Some text of a mail with its marks."""

    text: str = ""
    marks: tuple[Mark, ...] = ()
    breaks: tuple[int, ...] = ()

    def moved(self, by: int) -> Body:
        """The same, further down in a text."""
        marks = tuple(replace(mark, start=mark.start + by) for mark in self.marks)
        return Body(self.text, marks, tuple(start + by for start in self.breaks))


def body(path: Path, message: EmailMessage) -> Body:
    """The text of a mail or a part of it; attached files have none."""
    kind, subtype = message.get_content_type().split("/", 1)
    if is_attached(message):
        return Body()
    if kind == "multipart" and isinstance(message.get_payload(), list):
        children = list(parts(message))
        if subtype == "alternative":
            return _alternative(path, children)
        return _joined(
            [body(path, child) for child in children[: 1 if subtype == "related" else None]]
        )
    if kind == "multipart" or (kind, subtype) == ("text", "plain"):  # without its parts: as it is
        return _plain(path, message)
    if (kind, subtype) == ("text", "html"):
        return _html(path, message)
    return Body()


def parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """What a multipart consists of."""
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload if isinstance(part, EmailMessage))


def is_attached(message: Message) -> bool:
    """Whether the part is a file of its own."""
    return message.get_content_disposition() == "attachment" or bool(message.get_filename())


def _alternative(path: Path, children: list[EmailMessage]) -> Body:
    """The plain form if it says something; else the last that does, which is the richest."""
    plain = [child for child in children if child.get_content_type() == "text/plain"]
    rich = [child for child in reversed(children) if child not in plain]
    said = next(filter(_has_text, (body(path, child) for child in plain)), Body())
    if len(said.text) >= HOLLOW_CHARACTERS:
        return said
    shown = next(filter(_has_text, (body(path, child) for child in rich)), Body())
    return shown if len(shown.text) > HOLLOW_RATIO * len(said.text) else said


def _has_text(found: Body) -> bool:
    return bool(found.text)


def _joined(bodies: list[Body]) -> Body:
    texts: list[str] = []
    marks: list[Mark] = []
    breaks: list[int] = []
    start = 0
    for found in filter(_has_text, bodies):
        moved = found.moved(start)
        texts.append(found.text)
        marks.extend(moved.marks)
        breaks.extend(moved.breaks)
        start += len(found.text) + 2
    return Body("\n\n".join(texts), tuple(marks), tuple(breaks))


def _plain(path: Path, message: EmailMessage) -> Body:
    text = re.sub(r"\r\n?", "\n", _decoded(path, message))
    if str(message.get_param("format", "")).lower() == "flowed":
        text = unflowed(text, delete_space=str(message.get_param("delsp", "")).lower() == "yes")
    return Body(text.translate(INVISIBLE).strip())


def _html(path: Path, message: EmailMessage) -> Body:
    from index.readers import html  # deferred: few mails have no plain form

    # With the mark it is UTF-8, whatever the page states of itself.
    data = codecs.BOM_UTF8 + _decoded(path, message).encode("utf-8", "replace")
    try:
        found: SourceText = html.read(path, data)
    except FileEmpty:
        return Body()
    return Body(found.text, found.marks, found.breaks)


def content(message: EmailMessage) -> bytes:
    """A part's bytes, out of base64 or whatever it was sent in, also where that is cut off."""
    payload = message.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if any(isinstance(defect, InvalidBase64LengthDefect) for defect in message.defects):
        # One letter too many, which stands for no byte; the library gives all as it was sent.
        data = binascii.a2b_base64(_NOT_BASE64.sub(b"", data)[:-1])
    return data


def _decoded(path: Path, message: EmailMessage) -> str:
    """A part's characters; what its charset does not have is replaced."""
    data = content(message)
    charset = _charset(message)
    if charset is not None and (charset != "ascii" or data.isascii()):
        return data.decode(charset, "replace")
    try:
        return decode(path, data)
    except FileRefused:
        return data.decode("utf-8", "replace")


def _charset(message: EmailMessage) -> str | None:
    """Python's name of the charset that is stated, if it is one."""
    try:
        charset = codecs.lookup(message.get_content_charset() or "").name
        b"a".decode(charset, "replace")  # raises for codecs of Python that are no charsets
    except (LookupError, ValueError):
        return None
    return None if charset in _NO_CHARSETS else _WIDER.get(charset, charset)


def unflowed(text: str, *, delete_space: bool) -> str:
    r"""Paragraphs out of lines that end in a space where they go on, RFC 3676.

    >>> unflowed("Rice \ngrows.\n> In \n> water.\n-- \nAna", delete_space=False)
    'Rice grows.\n> In water.\n-- \nAna'
    """
    lines: list[list[str]] = []
    depth, goes_on = 0, False
    for line in text.split("\n"):
        words = line.lstrip(">")
        quoted = len(line) - len(words)
        if goes_on and quoted == depth and words not in {"-- ", " -- "}:
            lines[-1].append(words.removeprefix(" "))
        else:
            lines.append([line if quoted else words.removeprefix(" ")])
        depth = quoted
        goes_on = line.endswith(" ") and words.removeprefix(" ") != "-- "
        if goes_on and delete_space:
            lines[-1][-1] = lines[-1][-1][:-1]
    return "\n".join("".join(line) for line in lines)
