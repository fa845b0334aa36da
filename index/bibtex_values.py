"""Values of BibTeX fields, before their LaTeX is decoded: put together, and taken apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

MAX_PARTS = 100
"""Strings that one value is put together from; people use two or three."""

_ESCAPED = re.compile(r"\\([^A-Za-z0-9])")
_SUFFIX = re.compile(r"\.\w{1,5}$")
_BACKSLASH = re.compile(r"\$?\\(?:text)?backslash(?:\{\}|\$)?")


def resolved(written: str, strings: Mapping[str, str]) -> str:
    r"""A value without its delimiters, with what strings stand for.

    bibtexparser resolves only values that are nothing but the name of a string.

    >>> resolved('{A {B} "c" # d}', {}), resolved('"1~" # mar # { x}', {"mar": "March"})
    ('A {B} "c" # d', '1~March x')
    """
    return "".join(_part(part.strip(), strings) for part in islice(_parts(written), MAX_PARTS))


def plain(written: str) -> str:
    r"""An address or a path as it is, without what LaTeX needs around some characters.

    >>> plain(r"\url{https://a.org/b\_c{\_}d\%20}")
    'https://a.org/b_c_d%20'
    """
    text = written.replace(r"\url", "").replace(r"$\sim$", "~").replace(r"\textasciitilde", "~")
    return _ESCAPED.sub(r"\1", text).replace("{", "").replace("}", "").strip()


def file_paths(written: str) -> tuple[str, ...]:
    r"""The paths in a field `file`, as JabRef, Zotero, Mendeley and people write them.

    >>> file_paths(r"Full Text:files/1/a.pdf:application/pdf;Page:files/2/b\:c.html:text/html")
    ('files/1/a.pdf', 'files/2/b:c.html')
    >>> file_paths(":C\\:\\\\Papers\\\\a.pdf:PDF"), file_paths("C:\\Papers\\a.pdf")
    (('C:\\Papers\\a.pdf',), ('C:\\Papers\\a.pdf',))
    >>> file_paths("a; b.pdf"), file_paths("/a/b.pdf;/a/c.pdf")
    (('a', 'b.pdf', 'a; b.pdf'), ('/a/b.pdf', '/a/c.pdf', '/a/b.pdf;/a/c.pdf'))
    """
    text = _BACKSLASH.sub(lambda _: r"\\", written.replace(r"{\_}", "_").replace("{_}", "_"))
    listed = [_path(item) for item in _split(text, ";")]
    if ":" not in text and len(listed) > 1:  # perhaps a name with a semicolon in it
        listed.append(text)
    return tuple(_ESCAPED.sub(r"\1", path).strip() for path in listed if path.strip())


def _path(item: str) -> str:
    """The path of "description:path:type", or of less than that."""
    match _split(item, ":"):
        case [first, rest]:
            if len(first.strip()) == 1:  # a drive on Windows
                return item
            return first if _SUFFIX.search(first) and not _SUFFIX.search(rest) else rest
        case [_, *path, _] if path:  # of more than one part where the drive's colon is bare
            return ":".join(path)
    return item


def _split(text: str, mark: str) -> list[str]:
    """Parted at the mark, unless a backslash stands before it."""
    parts = [""]
    for token in re.findall(r"\\.|.", text, re.S):
        if token == mark:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _part(part: str, strings: Mapping[str, str]) -> str:
    if part[:1] in {"{", '"'}:
        return part[1:-1]
    return strings.get(part.lower(), part)


def _parts(written: str) -> Iterator[str]:
    """What is joined by "#" outside of braces and quotes."""
    if "#" not in written:
        yield written
        return
    depth, is_quoted, start = 0, False, 0
    for at, character in enumerate(written):
        if character == "#" and depth == 0 and not is_quoted:
            yield written[start:at]
            start = at + 1
        elif character == '"' and depth == 0:
            is_quoted = not is_quoted
        depth += (character == "{") - (character == "}")
    yield written[start:]
