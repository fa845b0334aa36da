"""Wire models of passages that were collected, to be taken along as a file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from api.wire import MAX_ID, WHOLE, Wire
from index.types import DocumentId
from qa.selection import MOST_CHARACTERS
from qa.types import Chosen

MAX_EXPORTED = 500
"""Passages in one file: about a hundred printed pages."""
MAX_NOTE_CHARACTERS = 20_000
MAX_TITLE_CHARACTERS = 300

EXPORT: dict[str, Any] = {
    "format": "markdown",
    "style": "apa",
    "title": "The chapter on friendship",
    "passages": [
        {
            "document_id": 1,
            "start": 185,
            "end": 217,
            "note": "For the introduction.",
            "quote": "eminent leader of the Lao people",
        }
    ],
}

FormatName = Literal["markdown", "docx", "bibtex", "ris", "csl-json"]
StyleName = Literal[
    "chicago-notes", "chicago-author-date", "apa", "mla", "harvard", "ieee", "nature"
]


class ChosenModel(Wire):
    """Words of a document that were collected."""

    model_config = ConfigDict(strict=True)

    document_id: Annotated[int, Field(ge=1, le=MAX_ID), WHOLE]
    start: Annotated[int, Field(ge=0, le=MAX_ID), WHOLE]
    end: Annotated[int, Field(ge=1, le=MAX_ID), WHOLE]
    note: Annotated[
        Annotated[str, Field(max_length=MAX_NOTE_CHARACTERS)] | None,
        Field(description="What its finder wrote to it."),
    ] = None
    quote: Annotated[
        Annotated[str, Field(max_length=MOST_CHARACTERS)] | None,
        Field(
            description="The words as they were when they were collected: if others stand there "
            "now, nothing is exported (409)."
        ),
    ] = None

    def as_chosen(self) -> Chosen:
        """As the engine takes it."""
        return Chosen(
            DocumentId(self.document_id), self.start, self.end, self.note or "", self.quote
        )


class ExportRequest(Wire):
    """What is to stand in a file."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [EXPORT]})

    format: FormatName
    style: Annotated[
        StyleName, Field(description="Of Markdown's and Word's notes and references.")
    ] = "apa"
    title: Annotated[
        Annotated[str, Field(max_length=MAX_TITLE_CHARACTERS)] | None,
        Field(description="Stands above all, and names the file."),
    ] = None
    passages: Annotated[
        list[ChosenModel],
        Field(min_length=1, max_length=MAX_EXPORTED, description="In the order of the file."),
    ]
