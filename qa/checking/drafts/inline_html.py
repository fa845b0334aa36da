"""HTML within a paragraph of Markdown: how far it reaches that nothing of it is said."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"""
    </[A-Za-z][A-Za-z0-9-]*+\s*+>
    | <(?P<name>[A-Za-z][A-Za-z0-9-]*+)
      (?:\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?+)*+\s*+/?>
    """,
    re.VERBOSE,
)

_UNSEEN = re.compile(r"<(?:!--|\?|!\[CDATA\[|!(?=[A-Za-z]))")
_UNTIL = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>", "<!": ">"}
"""Other HTML that shows nothing, and what ends it."""

_TAKEN_BACK = frozenset(("del", "s", "strike"))
"""Elements whose words are struck through: HTML Standard, 4.5.5 and 4.7.2, and the old name."""

_NEVER_SHOWN = frozenset(("script", "style", "template"))

_HIDDEN = re.compile(
    r"""\shidden(?=[\s=/>])|\sstyle\s*=\s*["'][^>]*?(?:display\s*:\s*none|visibility\s*:\s*hidden)""",
    re.IGNORECASE,
)
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)
"""Elements without words in them: HTML Standard, 13.1.2."""


class InlineHtml:
    """The HTML of a paragraph, read from left to right."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._missing: set[str] = set()
        """Ends that do not come any more."""

    def end(self, start: int) -> int:
        """Where what begins with < ends; 0 where it is no HTML.

        Of words struck through or hidden that is where they end: who quotes "did <del>not</del>
        sign" has taken back the word, and quotes "did sign".
        """
        if tag := _TAG.match(self._words, start):
            name = (tag["name"] or "").lower()
            said_nothing = name in _TAKEN_BACK | _NEVER_SHOWN or _HIDDEN.search(tag[0])
            if name and name not in _VOID and said_nothing:
                return self._after(f"</{name}>", tag.end()) or tag.end()
            return tag.end()
        if begun := _UNSEEN.match(self._words, start):
            # <!--> and <!---> are comments.
            after = start + 2 if begun[0] == "<!--" else begun.end()
            return self._after(_UNTIL[begun[0]], after)
        return 0

    def _after(self, end: str, start: int) -> int:
        """Where the next such end ends; 0 where none comes."""
        if end in self._missing:
            return 0
        # Tags may be written in capitals.
        if found := re.compile(re.escape(end), re.IGNORECASE).search(self._words, start):
            return found.end()
        self._missing.add(end)
        return 0
