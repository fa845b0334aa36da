"""Citations saved to a file, read back: our JSON, JSON Lines, or Markdown notes we wrote.

What was around them may have been edited, so the file is searched for what is a
citation. One that is damaged is kept with what is wrong with it: passing it over
would say that all is well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.bounded import read_bounded
from index.errors import CitationsInvalid, FileRefused, MetadataInvalid
from index.readers.text import decode
from index.scan import shown
from qa.citing.saved_comments import comments

MAX_BYTES = 64 * 2**20
"""Some hundred thousand citations; as JSON in memory ten times as much."""

MAX_OFFSET = 2**31 - 1
"""Of what the catalog stores; no text is as long."""

MAX_QUOTE = 20_000
"""Characters, white space apart. We cite passages, the longest of which has some thousand."""

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class SavedCitation:
    """A citation as it was saved."""

    line: int | None
    """Where it stands in the file, from 1: of Markdown and JSON Lines."""
    pointer: str | None
    """Where it stands in the JSON of the file, or of the line: RFC 6901, JSON Pointer."""
    id: str
    path: str
    sha256: str
    """Of the file's bytes when it was cited, hex, lower case."""
    start: int
    end: int
    quote: str
    prefix: str = ""
    """What stood right before the quote; empty at the text's start, and in older citations."""
    suffix: str = ""
    damage: str | None = None
    """What is wrong with it, where it cannot be held against a library; what of it cannot be
    read is empty or 0 then."""

    @property
    def place(self) -> str:
        """Where it stands in the file, for people."""
        said = (f"line {self.line}" if self.line else None, self.pointer)
        return ", ".join(filter(None, said)) or "the whole file"


def read_saved(path: Path) -> list[SavedCitation]:
    """The citations saved in a file, in its order, those damaged among them.

    Raises:
        CitationsInvalid: when it cannot be read, or no citation in it can be used.
    """
    text = _text(path)
    found = list(_found(path, text))
    if not found:
        raise CitationsInvalid(
            f"{shown(path)}: no citation is in it.",
            "Name a file that `qa ask --format json` printed, or Markdown with notes that "
            "`qa cite` wrote; the comments in the notes are the citations.",
        )
    if all(one.damage for one in found):
        raise CitationsInvalid(
            f"{shown(path)}: no citation in it can be used; {found[0].place}: {found[0].damage}.",
            "Save the citations again, or take them from a copy that no program has changed.",
        )
    return found


def _text(path: Path) -> str:
    try:
        return decode(shown(path), read_bounded(path, MAX_BYTES, kind="file of citations"))
    except MetadataInvalid as error:
        raise CitationsInvalid(error.message, error.remedy) from None
    except FileRefused as error:  # no text
        remedy = "Name a file of citations: JSON or Markdown, saved as UTF-8."
        raise CitationsInvalid(error.message, remedy) from None


def _found(path: Path, text: str) -> Iterator[SavedCitation]:
    if text.lstrip()[:1] not in {"{", "["}:
        yield from _in_markdown(text)
        return
    try:
        yield from _in_json(json.loads(text), None)
    except RecursionError:
        raise _no_json(path, 1, "it is nested too deeply") from None
    except ValueError as error:
        if found := [*(_in_lines(text) or _in_markdown(text))]:  # Markdown may begin with a link
            yield from found
            return
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise _no_json(path, line, str(error)) from None


def _no_json(path: Path, line: int, why: str) -> CitationsInvalid:
    return CitationsInvalid(
        f"{shown(path)}:{line}: this is no JSON ({why}).",
        "Save the citations again; a file that was cut short or edited cannot be read.",
    )


def _in_lines(text: str) -> list[SavedCitation]:
    """Of JSON Lines; nothing where the first line is no JSON of its own."""
    found: list[SavedCitation] = []
    first = True
    # Not splitlines(): strings in JSON may hold other characters that part lines.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.extend(_in_json(json.loads(line), number))
        except (ValueError, RecursionError):
            if first:
                return []
            found.append(_unread(number, None, "the line is no JSON"))
        first = False
    return found


def _in_markdown(text: str) -> Iterator[SavedCitation]:
    for line, fields in comments(text):
        if fields is None:
            yield _unread(line, None, "the comment is damaged: what is in it is no JSON")
        else:
            yield _citation(fields, line, None)


def _unread(line: int | None, pointer: str | None, damage: str) -> SavedCitation:
    return SavedCitation(line, pointer, "", "", "", 0, 0, "", damage=damage)


_Trail = tuple["_Trail", str | int] | None
"""The way to a value in JSON, last step first: a text for each would take far too long."""


def _in_json(value: object, line: int | None) -> Iterator[SavedCitation]:
    """Every citation anywhere in it, in the order of the text."""
    waiting: list[tuple[object, _Trail]] = [(value, None)]
    while waiting:  # not recursive: hostile files nest deeper than Python's stack
        node, trail = waiting.pop()
        if isinstance(node, dict) and node.keys() >= {"document", "quote"}:
            yield _citation(_flat(node), line, _pointer(trail))
            continue
        inside: Iterable[tuple[str | int, object]] = ()
        if isinstance(node, dict):
            inside = node.items()
        elif isinstance(node, list):
            inside = enumerate(node)
        nested = [(one, (trail, key)) for key, one in inside if isinstance(one, dict | list)]
        waiting.extend(reversed(nested))


def _pointer(trail: _Trail) -> str:
    steps: list[str] = []
    while trail is not None:
        trail, step = trail
        steps.append(str(step).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{_sound(step)}" for step in reversed(steps))


def _flat(node: Mapping[str, object]) -> dict[str, object]:
    """The fields of `qa.types.Citation` by which it can be found again."""
    document = node["document"]
    source: Mapping[str, object] = document if isinstance(document, dict) else {}
    around = _quote_selector(node.get("selectors"))
    here = {name: node[name] for name in ("id", "start", "end", "quote") if name in node}
    there = {name: source[name] for name in ("path", "sha256") if name in source}
    return here | there | {name: around[name] for name in ("prefix", "suffix") if name in around}


def _quote_selector(selectors: object) -> Mapping[str, object]:
    for selector in selectors if isinstance(selectors, list) else ():
        if isinstance(selector, dict) and selector.get("type") == "TextQuoteSelector":
            return selector
    return {}


def _citation(fields: Mapping[str, object], line: int | None, pointer: str | None) -> SavedCitation:
    start, end = (_offset(fields.get(name)) for name in ("start", "end"))
    values = {name: fields.get(name, "") for name in ("prefix", "suffix")}
    values |= {name: fields.get(name) for name in ("id", "path", "sha256", "quote")}
    texts = {name: _sound(one) if isinstance(one, str) else "" for name, one in values.items()}
    texts["sha256"] = texts["sha256"].lower()
    damage = next(_faults(fields, values), None)
    return SavedCitation(line, pointer, start=start or 0, end=end or 0, damage=damage, **texts)


def _faults(fields: Mapping[str, object], texts: Mapping[str, object]) -> Iterator[str]:
    names = ("id", "path", "sha256", "start", "end", "quote")
    yield from (f'"{name}" is missing' for name in names if name not in fields)
    for name, value in texts.items():
        if not isinstance(value, str):
            yield f'"{name}" is no text'
        elif _sound(value) != value:
            yield f'"{name}" holds half a character'
    if not _SHA256.fullmatch(str(texts["sha256"])):
        yield '"sha256" is no SHA-256'
    yield from (f'"{name}" is empty' for name in ("path", "quote") if not str(texts[name]).strip())
    if len("".join(str(texts["quote"]).split())) > MAX_QUOTE:
        yield '"quote" is longer than any that we cite'
    start, end = (_offset(fields.get(name)) for name in ("start", "end"))
    if start is None or end is None or start >= end:
        yield '"start" and "end" are no offsets of a quote'


def _offset(value: object) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and isinstance(value, int) and 0 <= value <= MAX_OFFSET else None


def _sound(text: str) -> str:
    """The text with lone surrogates replaced: no catalog and no terminal takes them."""
    return text.encode(errors="replace").decode()
