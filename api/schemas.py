"""Wire models: what goes over HTTP, and nothing else. Field for field the engine's types."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticKnownError

from api import examples
from index.types import DocumentId, Filters
from qa.engine import MAX_QUESTION_CHARACTERS
from qa.types import DEFAULT_LIMIT, MAX_LIMIT

MAX_ID = 2**63 - 1
"""SQLite's largest row id."""


class Wire(BaseModel):
    """Refuses unknown fields; reads the engine's frozen types."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, frozen=True)


def only_unicode(text: str) -> str:
    """JSON can spell half of a surrogate pair, which is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticKnownError("string_unicode") from None
    return text


Text = Annotated[str, AfterValidator(only_unicode), Field(min_length=1)]

Day = Annotated[date, Field(strict=False, examples=["2025-10-08"])]
"""JSON has no dates; a string in ISO 8601 is one."""


class FiltersModel(Wire):
    """Which documents are asked. What is left out, or empty, does not filter."""

    model_config = ConfigDict(strict=True)

    places: Annotated[
        list[Text],
        Field(
            description="At or below one of these absolute paths, or matching one of these globs.",
            examples=[["/home/ana/sources", "*.md"]],
        ),
    ] = []
    date_from: Annotated[Day | None, Field(description="Dated on this day or later.")] = None
    date_to: Annotated[Day | None, Field(description="Dated on this day or before.")] = None
    languages: Annotated[list[Text], Field(description="ISO 639.", examples=[["en", "vi"]])] = []
    document_ids: list[Annotated[int, Field(ge=1, le=MAX_ID)]] = []

    def as_filters(self) -> Filters:
        """As the engine takes them."""
        return Filters(
            tuple(self.places),
            self.date_from.isoformat() if self.date_from else None,
            self.date_to.isoformat() if self.date_to else None,
            tuple(language.lower() for language in self.languages),
            tuple(DocumentId(id_) for id_ in self.document_ids),
        )


class AskRequest(Wire):
    """A question."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [examples.REQUEST]})

    question: Annotated[
        str,
        AfterValidator(only_unicode),
        Field(
            description=f"In plain words; at most {MAX_QUESTION_CHARACTERS:,} code points, "
            "white space around it left out. A phrase in quotation marks must stand in the "
            "passages word for word; where none has it, `notice` says so."
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="How many passages to return.")] = (
        DEFAULT_LIMIT
    )
    filters: FiltersModel = FiltersModel()
    per_document: Annotated[
        int | None, Field(ge=1, description="At most so many passages of one document.")
    ] = None
    explain: Annotated[bool, Field(description="Say what each score is made of.")] = False


Title = Annotated[str | None, Field(examples=["A Friendship Rooted in History"])]
Author = Annotated[str | None, Field(description='Several are parted by "; ".')]
Publication = Annotated[str | None, Field(description="What it appeared in.")]
PublicationDate = Annotated[
    str | None, Field(description="ISO 8601: a day, a month or a year.", examples=["2025-10-08"])
]
Language = Annotated[str | None, Field(description="ISO 639.", examples=["en"])]
Url = Annotated[str | None, Field(examples=["https://example.org/friendship"])]
Type = Annotated[
    str | None,
    Field(
        description="An item type of the Citation Style Language.", examples=["article-newspaper"]
    ),
]
Publisher = Annotated[str | None, Field(description="Who published it.")]
Place = Annotated[str | None, Field(description="Where it was published.")]
Volume = Annotated[str | None, Field(examples=["12"])]
Issue = Annotated[
    str | None, Field(description="Of a report or a patent, its own number.", examples=["3"])
]
Pages = Annotated[
    str | None, Field(description="In what it appeared in, first to last.", examples=["12-34"])
]
Edition = Annotated[str | None, Field(examples=["2"])]
Doi = Annotated[str | None, Field(description="Bare.", examples=["10.1000/xyz"])]
Isbn = Annotated[str | None, Field(examples=["978-0-306-40615-7"])]


class SourceModel(Wire):
    """The document a passage stands in."""

    id: Annotated[int, Field(examples=[1])]
    path: Annotated[str, Field(examples=["/home/ana/sources/friendship.txt"])]
    sha256: Annotated[str, Field(description="Of the file's bytes when it was indexed.")]
    container: Annotated[
        str | None, Field(description="The file it lies inside, if it is a mail's attachment.")
    ]
    title: Title
    author: Author
    publication: Publication
    date: PublicationDate
    language: Language
    url: Url
    type: Type
    publisher: Publisher
    place: Place
    volume: Volume
    issue: Issue
    pages: Pages
    edition: Edition
    doi: Doi
    isbn: Isbn


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


class ReasonModel(Wire):
    """Something beside the words cited that may turn their meaning."""

    kind: Annotated[
        Literal["cut", "negation", "hedge", "reported", "contrast"],
        Field(
            description="The sentence goes on; it or a neighbour denies, doubts, tells what "
            "someone said, or turns."
        ),
    ]
    where: Literal["before", "after"]
    words: Annotated[str, Field(description="Verbatim.")]


class ContextModel(Wire):
    """What stands around words that might be taken out of context, and why."""

    before: SentenceModel | None
    after: SentenceModel | None
    reasons: list[ReasonModel]


class ScorePartModel(Wire):
    """One kind of evidence for a passage."""

    kind: Annotated[str, Field(description="What was compared.", examples=["meaning"])]
    score: Annotated[float, Field(description="As its formula gives it; higher is better.")]
    rank: Annotated[int, Field(description="Among the candidates, from 1.")]
    points: Annotated[float, Field(description="Added to the passage's score.")]


class CitedPassageModel(Wire):
    """A ranked passage."""

    rank: Annotated[int, Field(examples=[1])]
    score: Annotated[float, Field(description="0 to 1, comparable within one answer.")]
    citation: CitationModel
    also_at: Annotated[
        list[CitationModel],
        Field(description="Other places that say the same, but for a word here and there."),
    ]
    context: Annotated[
        ContextModel | None,
        Field(description="Where what stands around the passage may turn its meaning."),
    ]
    explanation: Annotated[
        list[ScorePartModel] | None, Field(description="If asked for: what the score is made of.")
    ]


class AnswerModel(Wire):
    """The passages that answer best, best first."""

    question: str
    generation: Annotated[int, Field(description="Of the library; grows with every change.")]
    passages: list[CitedPassageModel]
    notice: Annotated[
        str | None,
        Field(description="Says so where filters or quotation marks let nothing through."),
    ]


class HealthModel(Wire):
    """The process is alive."""

    status: Annotated[str, Field(examples=["ok"])]


class ReadyModel(Wire):
    """The service answers questions."""

    status: Annotated[str, Field(examples=["ready"])]
    generation: int


class Problem(BaseModel):
    """An error, as RFC 9457 has it, with a stable code and what to do next."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PROBLEM]})

    type: str = "about:blank"
    title: Annotated[str, Field(description="What the status means.")]
    status: Annotated[int, Field(description="Of the response.")]
    detail: Annotated[str, Field(description="What happened.")]
    code: Annotated[str, Field(description="Stable, for programs.")]
    remedy: Annotated[str, Field(description="What to do next.")]
    request_id: Annotated[
        str | None, Field(description="As in the X-Request-Id header, for who looks at the log.")
    ] = None
