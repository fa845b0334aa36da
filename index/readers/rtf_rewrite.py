r"""RTF made plain for striprtf, which decodes characters well and knows little of structure.

Everything that shows no text is dropped. Ends of paragraphs, cells and rows,
headings and list markers become characters of their own; footnotes, comments and the title
move to the end of the file. RTF 1.9.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from index.readers.rtf_fonts import Fonts
from index.readers.rtf_marks import (
    CELL,
    CELL_PARAGRAPH,
    HEADINGS,
    MARKER,
    MARKER_END,
    PARAGRAPH,
    PIECE,
    ROW,
)

_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<argument>-?\d{1,10})? ?"
    r"|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])|(?P<brace>[{}])"
    r"|[\r\n\x00]+|(?P<text>[^\\{}\r\n\x00]+)|\\",
    re.S,
)
_ENDS = dict.fromkeys(
    ("par", "sect", "page", "column", "nestcell", "nestrow", "shptxt"), PARAGRAPH
) | {
    "cell": CELL,
    "row": ROW,
}
_TRANSPARENT = frozenset(("shp", "shpgrp", "shpinst", "shptxt", "object", "result", "info", "upr"))
"""What striprtf leaves out as a whole, though text of boxes and of the title stands in it."""

_PIECES = frozenset(("footnote", "annotation", "atnauthor", "title", "author"))
_MARKERS = frozenset(("listtext", "pntext"))
_TABLES = frozenset(("fonttbl", "stylesheet", "creatim"))
_STARRED = frozenset(("annotation", "atnauthor", "shpinst"))
"""What is read among what older programs shall ignore."""

_HIGH = re.compile(r"[\x80-\xff]")
_STYLE_NAME = re.compile(r"heading ([1-9])|(title)", re.I)


MAX_DEPTH = 1000
"""Of groups. Word nests some twenty."""


class TooDeep(Exception):
    """Groups stand in groups, as in files made to do harm."""


@dataclass(slots=True)
class Piece:
    """The main text, or what was moved to the end."""

    kind: str
    written: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """RTF for striprtf, and what it consists of."""

    rtf: str
    kinds: tuple[str, ...]
    """Of the pieces after the main text: "footnote", "endnote", "comment", "author" ..."""
    created: tuple[int, ...]
    """Year, month and day; empty where they are not stated."""


@dataclass(slots=True)
class _Group:
    """What holds until a group ends."""

    piece: Piece
    dropped: bool = False
    hidden: bool = False
    deleted: bool = False
    in_table: bool = False
    outline: int | None = None
    font: str | None = None
    reading: str = ""
    """The table being read, whose text is not shown."""
    closing: str = ""
    """The mark to set where it ends."""


def rewrite(rtf: str) -> Rewritten:
    """Rewrite a file that was decoded as Latin-1. One that is cut off is read as far as it goes.

    Raises:
        TooDeep: beyond MAX_DEPTH.
    """
    return _Rewriter().run(rtf)


class _Rewriter:
    def __init__(self) -> None:
        from striprtf import striprtf

        self._destinations = striprtf.destinations
        self._characters = striprtf.specialchars
        self._pieces = [Piece("text")]
        self._groups: list[_Group] = []
        self._group = _Group(self._pieces[0])
        self._starred = False
        self._fonts = Fonts(striprtf.charset_map)
        self._usual_font: str | None = None
        self._style = 0
        self._outlines: dict[int, int] = {}
        self._created: dict[str, int] = {}
        self._is_lead = False

    def run(self, rtf: str) -> Rewritten:
        position = max(rtf.find("{"), 0)
        while token := _TOKEN.match(rtf, position):
            position = token.end()
            if token["word"] == "bin":
                position += max(int(token["argument"] or 0), 0)
            else:
                self._take(token)
            if token["brace"] and not self._groups:
                break
        while self._groups:
            self._close()
        return self._whole()

    def _take(self, token: re.Match[str]) -> None:
        if token.lastgroup is None:  # line ends part nothing
            return
        starred, self._starred = self._starred, token["symbol"] == "*"
        lead, self._is_lead = self._is_lead, False
        if token["word"]:
            if starred and token["word"] not in _STARRED:
                self._group.dropped = True
            self._word(token["word"], token["argument"])
        elif token["text"]:
            self._text(token["text"], lead)
        elif token["hex"]:
            self._byte(int(token["hex"], 16), lead)
        elif token["brace"]:
            self._open() if token["brace"] == "{" else self._close()
        elif token["symbol"] in {"\r", "\n"}:
            self._end(PARAGRAPH)
        elif token["symbol"] and token["symbol"] in "~-_{}\\":
            self._show(f"\\{token['symbol']}")

    def _open(self) -> None:
        if len(self._groups) == MAX_DEPTH:
            raise TooDeep
        self._emit("{")
        self._groups.append(self._group)
        self._group = replace(self._group, closing="")

    def _close(self) -> None:
        if self._groups:
            closing = self._group.closing
            self._group = self._groups.pop()
            self._emit("}")
            self._mark(closing)

    def _word(self, word: str, argument: str | None) -> None:
        number = int(argument) if argument else None
        if self._group.reading:
            self._word_of_table(word, argument)
        elif self._group.dropped:
            pass
        elif word in _PIECES | _MARKERS | _TABLES:
            self._enter(word)
        elif word in self._destinations and word not in _TRANSPARENT:
            self._group.dropped = True
        elif word in _ENDS:
            self._end(_ENDS[word])
        elif word in self._characters or word == "u":
            if word != "u" or _is_character(number):
                self._show(f"\\{word}{argument or ''} ")
        elif word not in _TRANSPARENT:
            self._format_paragraph(word, number)
            self._format_characters(word, argument, number)

    def _enter(self, word: str) -> None:
        """A group whose text is moved, marked, or read for what it says of the document."""
        group = self._group
        if word in _PIECES:
            kind = "comment" if word == "annotation" else word
            group.piece = Piece(kind)
            group.outline, group.in_table = None, False
            self._pieces.append(group.piece)
            self._font_word(group.font)
        elif word in _MARKERS:
            self._mark(MARKER)
            group.closing = MARKER_END
        else:
            group.reading, group.dropped = word, True

    def _word_of_table(self, word: str, argument: str | None) -> None:
        number = int(argument or 0)
        reading = self._group.reading
        if reading == "fonttbl" and word == "f":
            self._fonts.name(argument or "0")
        elif reading == "fonttbl" and word == "fcharset":
            self._fonts.set_charset(number)
        elif reading == "stylesheet" and word in {"s", "cs", "ds", "ts"}:
            self._style = number if word == "s" else 0
        elif reading == "stylesheet" and word == "outlinelevel":
            self._outlines[self._style] = number
        elif reading == "creatim":
            self._created[word] = number

    def _format_paragraph(self, word: str, number: int | None) -> None:
        group = self._group
        match word:
            case "pard":
                group.in_table, group.outline = False, None
            case "intbl":
                group.in_table = True
            case "outlinelevel":
                group.outline = number
            case "s":
                group.outline = self._outlines.get(number or 0)
            case "ftnalt" if group.piece.kind == "footnote":
                group.piece.kind = "endnote"

    def _format_characters(self, word: str, argument: str | None, number: int | None) -> None:
        group = self._group
        match word:
            case "v":
                group.hidden = number != 0
            case "deleted":
                group.deleted = number != 0
            case "plain":
                group.hidden = group.deleted = False
                self._font_word(self._usual_font)
            case "f":
                self._font_word(argument)
            case "deff":
                self._usual_font = argument
            case "ansicpg":
                self._fonts.codepage = f"cp{argument}"
        if word not in {"uc", "f"} or (word == "uc" and number is not None):
            self._emit(f"\\{word}{argument or ''} ")

    def _font_word(self, font: str | None) -> None:
        self._group.font = font
        if font is not None:
            self._emit(f"\\f{font} ")

    def _text(self, text: str, lead: bool) -> None:
        if self._group.reading == "stylesheet":
            self._name_style(text)
        if lead:
            self._show(f"\\'{ord(text[0]):02x}")
            text = text[1:]
        # Bytes above ASCII have no place here, and are in the code page where they stand.
        self._show(_HIGH.sub(lambda match: f"\\'{ord(match[0]):02x}", text))

    def _byte(self, byte: int, lead: bool) -> None:
        self._is_lead = not lead and self._fonts.is_lead(self._group.font, byte)
        self._show(f"\\'{byte:02x}")

    def _name_style(self, text: str) -> None:
        named = _STYLE_NAME.fullmatch(text.strip().rstrip(";"))
        if named and self._style:
            self._outlines.setdefault(self._style, int(named[1] or 1) - 1)

    def _end(self, mark: str) -> None:
        group = self._group
        if mark == PARAGRAPH and group.in_table:
            mark = CELL_PARAGRAPH
        elif mark == PARAGRAPH and group.outline is not None and 0 <= group.outline <= 8:
            self._mark(HEADINGS[group.outline])
        self._mark(mark)

    def _mark(self, mark: str) -> None:
        if mark:
            self._emit(f"\\pard {mark}")  # the word ends what striprtf skips after \u

    def _show(self, shown: str) -> None:
        if not self._group.hidden and not self._group.deleted:
            self._emit(shown)

    def _emit(self, written: str) -> None:
        if not self._group.dropped:
            self._group.piece.written.append(written)

    def _whole(self) -> Rewritten:
        main, *moved = self._pieces
        rtf = "".join(
            (
                "".join(main.written[:1]),
                self._fonts.table(),
                *main.written[1:-1],
                *(f"{{\\pard {PIECE}{''.join(piece.written)}}}" for piece in moved),
                "}",
            )
        )
        day = tuple(self._created[word] for word in ("yr", "mo", "dy") if word in self._created)
        return Rewritten(rtf, tuple(piece.kind for piece in moved), day if len(day) == 3 else ())


def _is_character(number: int | None) -> bool:
    r"""Whether the number in a \u is one striprtf can make a character of, and no mark of ours."""
    if number is None or not -0x8000 <= number <= 0x10FFFF:
        return False
    return not 0xFDD0 <= number % 0x10000 <= 0xFDEF
