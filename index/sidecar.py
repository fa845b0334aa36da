"""Sidecars: FILE.meta.yaml beside FILE says what FILE's metadata is.

What is said there is taken at its word, so whatever is unclear is refused with
its line rather than guessed at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from index import works
from index.bounded import read_bounded
from index.entries import words
from index.errors import MetadataInvalid
from index.readers.dates import iso_date
from index.readers.stated import language, url
from index.scan import shown
from index.types import Metadata

if TYPE_CHECKING:
    from yaml import Node

MAX_BYTES = 64 * 2**10
"""A title, some names and an address take less than 1 KB."""

KEYS = {
    "title": "title",
    "author": "author",
    "authors": "author",
    "publication": "publication",
    "journal": "publication",
    "site": "publication",
    "date": "date",
    "language": "language",
    "url": "url",
    "type": "type",
    "publisher": "publisher",
    "place": "place",
    "volume": "volume",
    "issue": "issue",
    "pages": "pages",
    "edition": "edition",
    "doi": "doi",
    "isbn": "isbn",
}
"""The field of Metadata that each key means; of several with a value the first here counts."""

_AGAIN = ", then run the command again."
_REMEDY = "Write one key to a line, such as: title: On Rice. Then run the command again."
_YAML_REMEDY = (
    'A value with a colon in it stands in quotes, such as: title: "On Rice: A Study". Correct '
    f"the line{_AGAIN}"
)

_READ_AS: dict[str, tuple[Callable[[str], str | None], str, str]] = {
    "date": (iso_date, "is no date", "Write it as 2025, 2025-10 or 2025-10-08"),
    "language": (
        language,
        "is no known language",
        "Write its two letters of ISO 639-1, such as en or pt",
    ),
    "url": (url, "is no web address", "Write all of it, from https:// on"),
    **works.READ_AS,
}
"""How the values of some fields are read, and what to say where they cannot be."""


class _Refused(Exception):
    """Something in a sidecar that cannot be used."""

    def __init__(self, node: Node | None, message: str, remedy: str = _REMEDY) -> None:
        line = f"line {node.start_mark.line + 1}: " if node else ""
        super().__init__(f"{line}{message}")
        self.remedy = remedy


def read_sidecar(path: Path) -> Metadata:
    """What a sidecar says; an empty value says nothing.

    Raises:
        MetadataInvalid: naming the line.
    """
    data = read_bounded(path, MAX_BYTES, kind="sidecar")
    try:
        return _metadata(_compose(data))
    except _Refused as refused:
        raise MetadataInvalid(shown(path), str(refused), refused.remedy) from None


def _compose(data: bytes) -> Node | None:
    """YAML as nodes: they know their lines, and keep 1.10 and "no" as they are written."""
    import yaml

    try:
        node: Node | None = yaml.compose(data, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}: " if mark else ""
        message = f"{line}this is no YAML ({error.problem})."
        raise _Refused(None, message, _YAML_REMEDY) from None
    except yaml.reader.ReaderError as error:
        raise _Refused(
            None, f"this is no text in UTF-8 ({error.reason}).", "Save it as UTF-8."
        ) from None
    except (yaml.YAMLError, RecursionError):
        raise _Refused(None, "this is no YAML.") from None
    return node


def _metadata(root: Node | None) -> Metadata:
    from yaml import MappingNode

    if root is None:
        return Metadata()
    if not isinstance(root, MappingNode):
        raise _Refused(root, "this is no list of keys and their values.")
    said: dict[str, str | None] = {}
    for key, value in root.value:
        name = _key(key)
        if name in said:
            raise _Refused(key, f'the key "{name}" is there twice.', "Remove one of the two.")
        said[name] = _value(name, value)
    by_field = {
        field.name: [said.get(name) for name, meant in KEYS.items() if meant == field.name]
        for field in fields(Metadata)
    }
    return Metadata(**{name: next(filter(None, all_), None) for name, all_ in by_field.items()})


def _key(node: Node) -> str:
    name = _scalar(node, "a key").strip().lower()
    if name not in KEYS:
        raise _Refused(
            node, f'the key "{name[:40]}" is unknown.', f"The known ones are: {', '.join(KEYS)}."
        )
    return name


def _value(name: str, node: Node) -> str | None:
    """A value as Metadata has it."""
    from yaml import SequenceNode

    if KEYS[name] == "author" and isinstance(node, SequenceNode):
        return "; ".join(filter(None, (_words(one, name) for one in node.value))) or None
    written = _words(node, name)
    if written is None:
        return None
    if KEYS[name] not in _READ_AS:
        return written
    read, wrong, remedy = _READ_AS[KEYS[name]]
    value = read(written)
    if value is None:
        raise _Refused(node, f'{name}: "{written[:80]}" {wrong}.', f"{remedy}{_AGAIN}")
    return value


def _words(node: Node, name: str) -> str | None:
    """A value in one line; None where nothing is written."""
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return words(_scalar(node, f'the value of "{name}"'))


def _scalar(node: Node, what: str) -> str:
    from yaml import ScalarNode

    if not isinstance(node, ScalarNode):
        raise _Refused(node, f"{what} is a list or has keys of its own, and must be plain text.")
    return str(node.value)
