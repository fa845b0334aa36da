"""Wire models of documents: listed, looked up, edited, read."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api import examples
from api.citation_schemas import SourceModel
from api.wire import MAX_CHOICES, AnyGlob, AnyPath, Day, Text, Wire
from index.listing import Listing
from index.types import Document, Filters, Metadata
from qa.citation import source

MAX_DOCUMENTS = 1000
DEFAULT_DOCUMENTS = 100
MAX_CURSOR_CHARACTERS = 30_000
"""The longest path and title there can be, in base64."""
MAX_VALUE_CHARACTERS = 2000
"""Of metadata: a title page of a dissertation, or fifty authors."""

DOCUMENT = examples.ANSWER["passages"][0]["citation"]["document"] | {
    "length": 3925,
    "pages_without_text": 0,
    "passages": 6,
}


class ListingQuery(Wire):
    """Which documents are listed. What is left out does not filter."""

    limit: Annotated[
        int, Field(ge=1, le=MAX_DOCUMENTS, description="How many documents to return.")
    ] = DEFAULT_DOCUMENTS
    cursor: Annotated[
        str | None,
        Field(
            max_length=MAX_CURSOR_CHARACTERS,
            description="The `next_cursor` of the answer before, to the same question.",
        ),
    ] = None
    path: Annotated[
        tuple[AnyPath, ...],
        Field(
            max_length=MAX_CHOICES,
            description="At or below this path. May be repeated.",
            examples=[["/home/ana/sources"]],
        ),
    ] = ()
    glob: Annotated[
        tuple[AnyGlob, ...],
        Field(
            max_length=MAX_CHOICES,
            description="With a path that matches this. May be repeated.",
            examples=[["*.md"]],
        ),
    ] = ()
    language: Annotated[
        tuple[Text, ...],
        Field(
            max_length=MAX_CHOICES, description="ISO 639. May be repeated.", examples=[["en", "vi"]]
        ),
    ] = ()
    date_from: Annotated[Day | None, Field(description="Dated on this day or later.")] = None
    date_to: Annotated[Day | None, Field(description="Dated on this day or before.")] = None
    q: Annotated[
        str,
        Field(
            max_length=200,
            description="Stands in the title or the path, whatever its case.",
            examples=["friendship"],
        ),
    ] = ""
    sort: Annotated[
        Literal["path", "title", "date", "id"],
        Field(description="Documents without a title or a date come before those with one."),
    ] = "path"
    order: Annotated[
        Literal["ascending", "descending"], Field(description="Of what it is sorted by.")
    ] = "ascending"

    def as_listing(self) -> Listing:
        """As the engine takes it."""
        filters = Filters(
            self.path,
            self.glob,
            self.date_from.isoformat() if self.date_from else None,
            self.date_to.isoformat() if self.date_to else None,
            tuple(language.lower() for language in self.language),
        )
        return Listing(filters, self.q, self.sort, self.order == "descending")


class DocumentModel(SourceModel):
    """A document in the library."""

    model_config = ConfigDict(json_schema_extra={"examples": [DOCUMENT]})

    length: Annotated[int, Field(description="Code points of the canonical text.")]
    pages_without_text: Annotated[
        int, Field(description="Scanned pages, of which nothing is found.")
    ]
    passages: Annotated[int, Field(description="How many passages it was cut into.")]

    @classmethod
    def of(cls, document: Document) -> DocumentModel:
        """A stored document: what citations say of it, and how much there is of it."""
        return cls(
            **asdict(source(document)),
            length=document.length,
            pages_without_text=document.pages_without_text,
            passages=document.passages,
        )


class DocumentsModel(Wire):
    """Documents in the order asked for."""

    documents: list[DocumentModel]
    next_cursor: Annotated[
        str | None, Field(description="Gets the documents that come next; null: there are none.")
    ]


class TextModel(Wire):
    """Part of a document's canonical text."""

    document_id: int
    start: int
    end: int
    text: str


ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
WEB_ADDRESS = "^[Hh][Tt][Tt][Pp][Ss]?://"
"""What the two checks below ask for, in the regular expressions of JSON Schema."""


def _one_line(value: str) -> str:
    if not value.strip() or any(unicodedata.category(one) == "Cc" for one in value):
        raise PydanticCustomError("one_line", "Input should be words on one line")
    return value


def _address(value: str) -> str:
    # Answers make a link of it; javascript: would run in whatever page shows them.
    if not value.lower().startswith(("https://", "http://")):
        raise PydanticCustomError("web_address", "Input should begin with https:// or http://")
    return value


Value = Annotated[
    Text,
    Field(max_length=MAX_VALUE_CHARACTERS, json_schema_extra={"pattern": ONE_LINE}),
    AfterValidator(_one_line),
]


class MetadataEdits(Wire):
    """What is to hold of a document, before what its file says.

    What is left out stays as it is; null takes an edit back.
    """

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={"examples": [{"author": "Vongsa, Ana", "date": "2025", "title": None}]},
    )

    title: Value | None = None
    author: Annotated[
        Value | None, Field(description='Several are parted by "; ", each "Family, Given".')
    ] = None
    publication: Value | None = None
    date: Annotated[Value | None, Field(description="ISO 8601: a day, a month or a year.")] = None
    language: Annotated[Value | None, Field(description="ISO 639.")] = None
    url: Annotated[
        Annotated[
            Value, Field(json_schema_extra={"pattern": WEB_ADDRESS}), AfterValidator(_address)
        ]
        | None,
        Field(description="http or https."),
    ] = None
    type: Annotated[
        Value | None, Field(description="An item type of the Citation Style Language.")
    ] = None
    publisher: Value | None = None
    place: Value | None = None
    volume: Value | None = None
    issue: Value | None = None
    pages: Annotated[Value | None, Field(description="First to last.", examples=["12-34"])] = None
    edition: Value | None = None
    doi: Value | None = None
    isbn: Value | None = None

    def as_metadata(self) -> Metadata:
        """As the engine takes it, for which an empty value takes an edit back."""
        return Metadata(**{name: getattr(self, name) or "" for name in self.model_fields_set})
