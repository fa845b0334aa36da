"""Links that open at the words cited; pure."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote as percent_encoded

from index.types import Locator, Span
from qa.types import Links, Source

HTML = {".html", ".htm", ".xhtml"}

WHOLE_WORDS = 12
"""A text fragment of more words names its first and its last ones only."""

EDGE_WORDS = 5


def to(document: Source, locator: Locator, words: Span, quote: str) -> Links:
    """Links to words of a document: in our page, in its file, and at its address."""
    path = Path(document.container or document.path)
    file = path.as_uri()
    if locator.page_start and path.suffix.lower() == ".pdf":
        file += f"#page={locator.page_start}"  # RFC 8118, section 3
    elif path.suffix.lower() in HTML:
        file = at_words(file, quote)
    return Links(
        reader=f"/documents/{document.id}#c={words[0]}-{words[1]}",
        file=file,
        web=at_words(document.url, quote) if document.url else None,
    )


def at_words(url: str, quote: str) -> str:
    """The address with a text fragment, which makes a browser go to the words and mark them.

    As https://wicg.github.io/scroll-to-text-fragment/ has it: of many words the first and the
    last few, each within one paragraph, since a browser looks for them there.

    >>> at_words("https://example.org/a#top", "close-knit, loyal friendship")
    'https://example.org/a#top:~:text=close%2Dknit%2C%20loyal%20friendship'
    """
    paragraphs = [line.split() for line in quote.splitlines() if line.strip()] or [[]]
    words = [paragraphs[0]]
    if len(paragraphs) > 1 or len(paragraphs[0]) > WHOLE_WORDS:
        words = [paragraphs[0][:EDGE_WORDS], paragraphs[-1][-EDGE_WORDS:]]
    text = ",".join(_encoded(" ".join(some)) for some in words)
    return f"{url}{'' if '#' in url else '#'}:~:text={text}"


def _encoded(text: str) -> str:
    return percent_encoded(text, safe="").replace("-", "%2D")
