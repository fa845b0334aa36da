"""Headers of mails, decoded.

The standard library's parser of headers fails at some that are out in the
world, and takes minutes for some that are made to be slow; those are taken as
they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import TYPE_CHECKING, Any

from index.readers.text import INVISIBLE

if TYPE_CHECKING:
    _Policy = EmailPolicy[EmailMessage]
else:
    _Policy = EmailPolicy  # it is generic to type checkers only

MAX_HEADER_CHARACTERS = 16_000
"""Some four hundred addresses. What is longer is not parsed: a header of 16,000 characters may
take the library four seconds, and four times that for each doubling."""

MAX_MIME_HEADER_CHARACTERS = 2_000
"""Of a header of each part (Content-Type and so on), of which there may be thousands."""

PARSER_FAILS = (
    MessageError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the library raises at malformed headers, see python/cpython issues 83281, 94306, 151857."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class LenientPolicy(_Policy):
    """Headers decoded as the library does by default; where it fails, as plain words."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """A header's value: a string, in most cases one that knows its parts."""
        value = _eight_bit(value)
        of_part = name.lower().startswith("content-")
        if len(value) <= (MAX_MIME_HEADER_CHARACTERS if of_part else MAX_HEADER_CHARACTERS):
            try:
                return super().header_fetch_parse(name, value)
            except PARSER_FAILS:
                pass
        return " ".join(value.split())


def header_values(message: EmailMessage, name: str) -> Iterator[str]:
    """The values of all headers of a name, each on one line, without those that are empty."""
    for value in message.get_all(name, []):
        if words := one_line(str(value)):
            yield words


def one_line(words: str) -> str:
    """Without line ends and other control characters, which encoded words may smuggle in."""
    return " ".join(_CONTROL.sub(" ", words).translate(INVISIBLE).split())


def _eight_bit(value: str) -> str:
    """Bytes above 127, which headers may hold only as UTF-8, and hold otherwise too."""
    if value.isascii():
        return value
    written = value.encode("utf-8", "surrogateescape")
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp1252", "replace")
