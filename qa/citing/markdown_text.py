r"""Words in Markdown: escaped so that they are shown as they are; pure.

CommonMark 0.31 (https://spec.commonmark.org/0.31.2/#backslash-escapes) lets a backslash
stand before any ASCII punctuation. Escaped is what has a meaning there, in GitHub's tables
and strikethrough, or in Pandoc's formulas, superscripts and citations.
"""

from __future__ import annotations

import re

from index.spans import LINE_END

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>&|~^$@]|(?<=<)!|==|(?<=quaere):", re.IGNORECASE)
"""The last two but one begins comments, the last our own, which no quotation shall look like."""

_AT_START = re.compile(r"([#+=:-]|\d{1,9}(?=[.)]))")


def escaped(text: str) -> str:
    r"""Words within a line, or a line.

    >>> print(escaped("a_b <i>"), escaped("1. Rice"), escaped("# Rice"))
    a\_b \<i\> 1\. Rice \# Rice
    """
    inline = _SPECIAL.sub(lambda found: "".join(f"\\{one}" for one in found[0]), text)
    start = _AT_START.match(inline)
    if not start:
        return inline
    if start[0].isdigit():
        return f"{start[0]}\\{inline[start.end() :]}"
    return f"\\{inline}"


def block_quotation(text: str, ending: str = "") -> str:
    """A block quotation of the text, line by line, with something after its last word.

    White space at the ends of lines, which Markdown would give a meaning, is left out.
    """
    lines = [escaped(line.strip()) for line in LINE_END.split(text.strip())]
    lines[-1] += ending
    return "\n".join(f"> {line}".rstrip() for line in lines)
