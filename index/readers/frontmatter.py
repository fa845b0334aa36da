"""The block of fields at the top of a Markdown file: YAML between ---, TOML between +++."""

from __future__ import annotations

import re

from index.readers.stated import metadata
from index.types import Metadata

MAX_CHARACTERS = 64 * 2**10
"""A longer block is no front matter: parsing it would cost more than it tells."""

_LINE = r"[ \t]*(?:\r\n|\n|\r)"
_END = r"[ \t]*(?:[\r\n]|\Z)"
_YAML = re.compile(rf"---{_LINE}(?P<fields>.*?)(?<=[\r\n])(?:---|\.\.\.){_END}", re.S)
_TOML = re.compile(rf"\+\+\+{_LINE}(?P<fields>.*?)(?<=[\r\n])\+\+\+{_END}", re.S)
_KEY_FIRST = re.compile(r"(?:\s*#[^\r\n]*)*\s*[\w\"'][\w \"'-]*:(?:\s|$)")


def front_matter(text: str) -> tuple[Metadata, int]:
    r"""What the block states and the offset behind it: nothing and 0 if there is none.

    A block that breaks the rules of its language states nothing, yet is no text either.

    >>> front_matter("---\ntitle: On Rice\n---\nRice grows.")[1]
    23
    """
    block = _YAML.match(text, 0, MAX_CHARACTERS)
    if block:
        fields = _yaml(block["fields"])
    else:
        block = _TOML.match(text, 0, MAX_CHARACTERS)
        fields = _toml(block["fields"]) if block else None
    if block is None or fields is None:
        return Metadata(), 0
    return metadata(fields), block.end()


def _yaml(block: str) -> dict[str, object] | None:
    """The fields; none if it is broken; None if it never was YAML but text between two rules.

    Every value is read as written: a title may be 1984, and "no" is Norwegian. This also leaves
    no way to expand what is referred to many times.
    """
    import yaml  # deferred: only front matter needs it

    try:
        fields = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but strings, lists and maps
    except (yaml.YAMLError, ValueError, RecursionError):
        return {} if _KEY_FIRST.match(block) else None
    return fields if isinstance(fields, dict) else None


def _toml(block: str) -> dict[str, object]:
    import tomllib  # deferred: only front matter needs it

    try:
        return tomllib.loads(block.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return {}
