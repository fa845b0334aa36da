"""Wire models of citations, of single passages, and of citations to take along."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api import examples
from api.wire import Wire
from qa.engine import Engine

CITATION = examples.ANSWER["passages"][0]["citation"]


class SourceModel(Wire):
    """The document a passage stands in."""

    id: Annotated[int, Field(examples=[1])]
    path: Annotated[str, Field(examples=["/home/ana/sources/friendship.txt"])]
    sha256: Annotated[str, Field(description="Of the file's bytes when it was indexed.")]
    container: Annotated[
        str | None, Field(description="The file it lies inside, if it is a mail's attachment.")
    ]
    title: Annotated[str | None, Field(examples=["A Friendship Rooted in History"])]
    author: Annotated[str | None, Field(description='Several are parted by "; ".')]
    publication: Annotated[str | None, Field(description="What it appeared in.")]
    date: Annotated[
        str | None,
        Field(description="ISO 8601: a day, a month or a year.", examples=["2025-10-08"]),
    ]
    language: Annotated[str | None, Field(description="ISO 639.", examples=["en"])]
    url: Annotated[str | None, Field(examples=["https://example.org/friendship"])]
    type: Annotated[
        str | None,
        Field(
            description="An item type of the Citation Style Language.",
            examples=["article-newspaper"],
        ),
    ]
    publisher: Annotated[str | None, Field(description="Who published it.")]
    place: Annotated[str | None, Field(description="Where it was published.")]
    volume: Annotated[str | None, Field(examples=["12"])]
    issue: Annotated[
        str | None, Field(description="Of a report or a patent, its own number.", examples=["3"])
    ]
    pages: Annotated[
        str | None, Field(description="In what it appeared in, first to last.", examples=["12-34"])
    ]
    edition: Annotated[str | None, Field(examples=["2"])]
    doi: Annotated[str | None, Field(description="Bare.", examples=["10.1000/xyz"])]
    isbn: Annotated[str | None, Field(examples=["978-0-306-40615-7"])]


class SentenceModel(Wire):
    """A sentence; offsets into the document's canonical text."""

    start: int
    end: int
    quote: str


class LocatorModel(Wire):
    """Where a passage stands, as people say it. Numbers count from 1, the last one included.

    What does not apply to a kind of file is null or empty.
    """

    page_start: Annotated[int | None, Field(description="Counted from the file's first page.")]
    page_end: int | None
    page_label_start: Annotated[
        str | None, Field(description="The page's printed number.", examples=["xii"])
    ]
    page_label_end: str | None
    slide_start: int | None
    slide_end: int | None
    row_start: Annotated[int | None, Field(description="Of a table; line of JSON Lines.")]
    row_end: int | None
    headings: Annotated[
        list[str],
        Field(description="The passage begins under these, the outermost first."),
    ]
    paragraph_start: Annotated[
        int | None, Field(description="Counted under the innermost heading, or in the text.")
    ]
    paragraph_end: int | None
    line_start: Annotated[int | None, Field(description="Where the text is the file.")]
    line_end: int | None
    part: Annotated[
        str | None, Field(description="If not of the main text.", examples=["footnote 3"])
    ]


class PinpointModel(Wire):
    """The place as the Citation Style Language has it."""

    locator: Annotated[str, Field(examples=["12-14"])]
    label: Annotated[str, Field(description="What is counted.", examples=["page"])]


class TextQuoteSelectorModel(Wire):
    """Finds the words in any version of the text (W3C Web Annotation Data Model)."""

    type: Literal["TextQuoteSelector"]
    exact: str
    prefix: Annotated[str, Field(description="What stands right before.")]
    suffix: Annotated[str, Field(description="What stands right after.")]


class TextPositionSelectorModel(Wire):
    """Finds the words in this version of the text (W3C Web Annotation Data Model)."""

    type: Literal["TextPositionSelector"]
    start: int
    end: int


class CharLocationModel(Wire):
    """Offsets, the end not included."""

    type: Literal["char_location"]
    start_char_index: int
    end_char_index: int


class PageLocationModel(Wire):
    """Pages counted from 1, the end not included."""

    type: Literal["page_location"]
    start_page_number: int
    end_page_number: int


class LinksModel(Wire):
    """Where the words can be opened."""

    reader: Annotated[str, Field(description="Below the service's address.")]
    file: Annotated[str, Field(description="At the page of a PDF, at the words of HTML.")]
    web: Annotated[str | None, Field(description="The document's address, at the words.")]


class CitationModel(Wire):
    """A place in a source. Offsets are Unicode code points, half-open."""

    id: Annotated[
        str,
        Field(description="Of the passage the words stand in; outlives indexing the file again."),
    ]
    document: SourceModel
    start: Annotated[int, Field(examples=[0])]
    end: Annotated[int, Field(examples=[476])]
    locator: LocatorModel
    pinpoint: Annotated[PinpointModel | None, Field(description="If CSL has a word for it.")]
    quote: Annotated[str, Field(description="Verbatim: the canonical text from start to end.")]
    best_sentence: Annotated[
        SentenceModel | None, Field(description="Nearest to the question, if there was one.")
    ]
    selectors: tuple[TextQuoteSelectorModel, TextPositionSelectorModel]
    locations: list[Annotated[CharLocationModel | PageLocationModel, Field(discriminator="type")]]
    links: LinksModel


class NeighboursModel(Wire):
    """The passages around one, in the text's order; fewer at the document's ends."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"before": [], "after": [CITATION]}]})

    before: list[CitationModel]
    after: list[CitationModel]

    @classmethod
    def of(cls, engine: Engine, id_: str, count: int) -> NeighboursModel:
        """Those around the passage with this id."""
        return cls.model_validate(engine.neighbours(id_, count))


class FormattedModel(Wire):
    """A citation in a style."""

    style: Annotated[str, Field(examples=["apa"])]
    in_text: Annotated[
        str | None,
        Field(
            description="The note, or what stands in parentheses, with the place; null for a "
            "format that has none.",
            examples=["(Vongsa, 2025, p. 14)"],
        ),
    ]
    text: Annotated[
        str,
        Field(
            description="The entry of the reference list, or the whole citation in a format.",
            examples=["Vongsa, A. (2025). A Friendship Rooted in History."],
        ),
    ]
