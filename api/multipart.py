"""One file out of multipart/form-data (RFC 7578), as it comes; the only door to python-multipart."""

from __future__ import annotations

from collections.abc import Callable

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

PART = b"file"
"""The name of the one part there is."""
MAX_HEADERS = 8
MAX_HEADER_BYTES = 4096
MAX_BOUNDARY = 256
"""RFC 2046 has 70; who sends more than that is let in, up to what the parser takes."""


class FormInvalid(ValueError):
    """What came is no form with one file in it; says what is wrong."""


class FormFile:
    """Takes a form apart: `named` hears the file's name, then `write` its bytes, piece by piece."""

    def __init__(
        self, boundary: bytes, named: Callable[[str], None], write: Callable[[bytes], None]
    ) -> None:
        self._named = named
        self._write = write
        self._header: dict[str, bytes] = {}
        self._field = self._value = b""
        self._files = 0
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._header.clear,
                "on_header_field": self._on_field,
                "on_header_value": self._on_value,
                "on_header_end": self._on_header,
                "on_headers_finished": self._on_headers,
                "on_part_data": self._on_data,
                "on_end": self._on_end,
            },
            max_header_count=MAX_HEADERS,
            max_header_size=MAX_HEADER_BYTES,
        )

    def feed(self, data: bytes | bytearray) -> None:
        """Take in what has come.

        Raises:
            FormInvalid: also whatever `named` and `write` raise.
        """
        if self._ended:
            return  # an epilogue, which means nothing
        try:
            self._parser.write(bytes(data))
        except FormParserError as error:
            raise FormInvalid(f"the body is no multipart/form-data ({error})") from None

    def finish(self) -> None:
        """Nothing more comes.

        Raises:
            FormInvalid: when the form is not whole.
        """
        if not self._ended:
            raise FormInvalid("the body ends before the form does")
        if not self._files:
            raise FormInvalid(f'the form has no part "{PART.decode()}"')

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        self._header[self._field.decode("latin-1").lower()] = self._value
        self._field = self._value = b""

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._header.get("content-disposition", b""))
        if options.get(b"name") != PART or b"filename" not in options:
            raise FormInvalid(f'the form may have one part, "{PART.decode()}", with a file name')
        self._files += 1
        if self._files > 1:
            raise FormInvalid("the form has more than one file")
        self._named(options[b"filename"].decode(errors="replace"))

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        self._write(data[start:end])

    def _on_end(self) -> None:
        self._ended = True


def boundary_of(content_type: str) -> bytes | None:
    """What parts a form; None if this is the type of no form, empty if it names none."""
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        return None
    boundary = options.get(b"boundary", b"")
    return boundary if len(boundary) <= MAX_BOUNDARY else b""
