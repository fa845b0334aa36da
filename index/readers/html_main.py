"""Which blocks of a web page are its main text, and which stand around it."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Sequence

from index.readers.html_blocks import Block, kept
from index.readers.html_document import nesting

MAX_JUDGED_CHARACTERS = 2_000_000
"""Of a page. The judgement takes about a second for each million characters."""

MAX_JUDGED_TAGS = 50_000
"""Of a page. The judgement takes up to three seconds for so many, and ten for twice as many. Pages
of newspapers have one to five thousand."""

MAX_JUDGED_NESTING = 200
"""libxml2 builds no trees deeper than 256, and what it leaves out cannot be judged."""

LINKED = 0.8
"""A block with more of its characters in links is there to lead elsewhere: tables of contents,
buttons to share. References and "See also X" have two thirds."""

LINKED_PAGE = 0.2
"""A page with more of its characters in links has navigation. Encyclopedias have 0.15."""

TELLING_LETTERS = 25
"""Shorter blocks ("Read more", "Sport") are alike by chance."""

SHORT_TEXT, SHORT_SHARE, LEAST_SHARE = 500, 0.5, 0.1
"""A main text of fewer characters is believed if it is half of what the page shows beside its
navigation, a longer one if it is a tenth: under news stand comments and other news."""

HEADLINE_BLOCKS = 20
"""How far above the text its headline may stand: standfirst, byline, date, caption between."""

_PIECE = 40
_NO_LETTERS = re.compile(r"\W+|_+")
_SIGNS = re.compile(
    r"<(?:nav|aside|footer|header|menu|dialog)[\s>]"
    r"|\srole\s*=\s*[\"']?(?:navigation|banner|contentinfo|search|complementary)"
    r"|\s(?:class|id)\s*=\s*(?:\"[^\"]{0,200}?|'[^']{0,200}?|)\b(?:nav(?:bar|igation)?|menu"
    r"|side-?bar|footer|header|cookies?|consent|banner|breadcrumbs?|comments?|related|share"
    r"|social|adverts?|ads?|promo|newsletter|subscribe|masthead)\b",
    re.I,
)
"""What pages have that were made for a site. Without any of it a page is all text."""


def main_blocks(page: str, blocks: list[Block]) -> list[Block]:
    """The blocks of the main text; all where the page has nothing but text.

    trafilatura judges what the main text is. What is kept is between the first and the last block
    it finds, and beside these in the same element, so that no caption, short paragraph or row is
    lost from the midst. Where it finds nothing or too little, all is kept that the page does not
    set off by itself.
    """
    if not _SIGNS.search(page) and _linked_share(blocks) <= LINKED_PAGE:
        return blocks
    text = _judged_main(page) if _can_be_judged(page) else ""
    region = _region(blocks, text)
    keep = [place in region and _belongs(blocks[place], text) for place in range(len(blocks))]
    main = kept(blocks, keep)
    if _is_believable(main, blocks):
        return main
    return kept(blocks, [not block.is_aside for block in blocks]) or blocks


def _can_be_judged(page: str) -> bool:
    return (
        len(page) <= MAX_JUDGED_CHARACTERS
        and page.count("<") <= MAX_JUDGED_TAGS
        and nesting(page) <= MAX_JUDGED_NESTING
    )


def _judged_main(page: str) -> str:
    """The letters of what trafilatura takes for the main text; nothing if it finds none."""
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports what it cannot read
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = bare_extraction(page, favor_recall=True, include_comments=False)
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the page can be read without it
        return ""
    body = getattr(found, "body", None)
    return "" if body is None else _letters(" ".join(body.itertext()))


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text)


def _linked_share(blocks: Sequence[Block]) -> float:
    return sum(block.linked for block in blocks) / max(1, _characters(blocks))


def _characters(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _leads_elsewhere(block: Block) -> bool:
    return block.is_aside or block.linked > LINKED * len(block.text)


def _belongs(block: Block, text: str) -> bool:
    return not block.is_aside and (not _leads_elsewhere(block) or _letters(block.text) in text)


def _is_found(block: Block, text: str) -> bool:
    """Whether most of a block stands in the main text, of which some words may be missing."""
    letters = _letters(block.text)
    if block.is_aside or len(letters) < TELLING_LETTERS:
        return False
    pieces = [
        letters[start : start + _PIECE] for start in range(0, len(letters) - _PIECE // 2, _PIECE)
    ]
    return 2 * sum(piece in text for piece in pieces) >= len(pieces)


def _region(blocks: Sequence[Block], text: str) -> range:
    """From the headline, or the first block that is found, to the last one."""
    found = [place for place, block in enumerate(blocks) if text and _is_found(block, text)]
    if not found:
        return range(0)
    first, last = found[0], found[-1]
    while first > 0 and _goes_on(blocks[first - 1], blocks[first], text):
        first -= 1
    while last + 1 < len(blocks) and _goes_on(blocks[last + 1], blocks[last], text):
        last += 1
    return range(_headline(blocks, first), last + 1)


def _goes_on(block: Block, beside: Block, text: str) -> bool:
    """Whether the main text reaches a block next to it."""
    if _leads_elsewhere(block):
        return False
    letters = _letters(block.text)
    return block.container == beside.container or (bool(letters) and letters in text)


def _headline(blocks: Sequence[Block], first: int) -> int:
    """Where the text begins with its headline: the nearest of the highest level above."""
    above = range(max(0, first - HEADLINE_BLOCKS), first + 1)
    headings = [place for place in above if blocks[place].level and not blocks[place].is_aside]
    top = [place for place in headings if blocks[place].level == 1]
    near = [place for place in headings if place >= first - 3]
    return max(top, default=min(near, default=first))


def _is_believable(main: Sequence[Block], blocks: Sequence[Block]) -> bool:
    shown = [block for block in blocks if not _leads_elsewhere(block)]
    least = SHORT_SHARE if _characters(main) < SHORT_TEXT else LEAST_SHARE
    return bool(main) and _characters(main) >= least * _characters(shown)
