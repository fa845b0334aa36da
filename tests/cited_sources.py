"""Sources of each kind and citations of them, for tests of how they are written."""

from __future__ import annotations

from typing import Any

from index.public_id import public_id
from index.types import DocumentId, Locator
from qa.types import (
    Citation,
    Links,
    Pinpoint,
    Source,
    TextPositionSelector,
    TextQuoteSelector,
)

QUOTE = "Rice grows on hills."
PAGES = Pinpoint("12-14", "page")
ON_PAGES = Locator(page_start=12, page_end=14)
START = 100


def source(**known: Any) -> Source:
    unknown: dict[str, Any] = dict.fromkeys(
        ("container", "title", "author", "publication", "date", "language", "url")
    )
    place = {"id": DocumentId(1), "path": "/library/field notes.txt", "sha256": "ab" * 32}
    return Source(**(unknown | place | known))


def citation(
    document: Source,
    quote: str = QUOTE,
    pinpoint: Pinpoint | None = PAGES,
    locator: Locator = ON_PAGES,
    around: tuple[str, str] = ("before ", " after"),
) -> Citation:
    end = START + len(quote)
    return Citation(
        id=public_id(document.sha256, START, end),
        document=document,
        start=START,
        end=end,
        locator=locator,
        pinpoint=pinpoint,
        quote=quote,
        best_sentence=None,
        selectors=(TextQuoteSelector(quote, *around), TextPositionSelector(START, end)),
        locations=(),
        links=Links(f"/documents/1#c={START}-{end}", "file:///library/notes.txt", document.url),
    )


BOOK = source(
    path="/library/rice.pdf",
    type="book",
    title="Growing rice on hills: A history",
    author="Nguyễn, Van Anh; Smith, John",
    publisher="Oxford University Press",
    place="Oxford",
    date="2019",
    edition="2",
    isbn="978-0-19-953556-9",
    language="en",
)
JOURNAL = source(
    path="/library/water.pdf",
    type="article-journal",
    title="Effects of water on rice yields",
    author="Miller, Ann; Okafor, Chidi; Zhao, Li",
    publication="Journal of Rice Research",
    volume="12",
    issue="3",
    pages="215-230",
    date="2021-04",
    doi="10.1000/xyz123",
    language="en",
)
NEWSPAPER = source(
    path="/library/prices.html",
    type="article-newspaper",
    title="Rice prices fall",
    author="Tran, Minh",
    publication="The Daily Harvest",
    date="2024-05-07",
    url="https://daily.example/rice",
    language="en",
)
WEB_PAGE = source(
    path="/library/terraces.html",
    type="webpage",
    title="About terraces",
    author="World Heritage Office",
    publication="Heritage Online",
    date="2023-11-02",
    url="https://heritage.example/terraces",
    language="en",
)
REPORT = source(
    path="/library/food.pdf",
    type="report",
    title="State of food 2022",
    author="Food Agency",
    publisher="Harvest Institute",
    place="Rome",
    date="2022",
    issue="17",
    url="https://food.example/r.pdf",
    language="en",
)
NOTHING = source()

KINDS = {
    "book": BOOK,
    "journal": JOURNAL,
    "newspaper": NEWSPAPER,
    "web page": WEB_PAGE,
    "report": REPORT,
    "nothing": NOTHING,
}
