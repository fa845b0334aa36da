"""Wire models of the library as a whole: what it holds, and what could not be read into it."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.document_schemas import MAX_CURSOR_CHARACTERS
from api.wire import Wire
from qa.types import Contents

MAX_FAILURES = 1000
DEFAULT_FAILURES = 100

CONTENTS: dict[str, Any] = {
    "documents": 5,
    "passages": 33,
    "languages": [{"language": "en", "documents": 5}],
    "date_from": "2020-10-28",
    "date_to": "2025-10-09",
    "generation": 1,
    "failures": 0,
    "can_write": True,
    "key": "ana",
}
FAILURE: dict[str, Any] = {
    "path": "/home/ana/sources/scan.pdf",
    "code": "no-text-layer",
    "message": "/home/ana/sources/scan.pdf: there is no text in it, only pictures.",
    "remedy": "Run it through OCR, as with ocrmypdf, then add it again.",
}


class LanguageModel(Wire):
    """A language, and how much is in it."""

    language: Annotated[str | None, Field(description="ISO 639; null where it is not clear.")]
    documents: int


class ContentsModel(Wire):
    """What the library holds."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTENTS]})

    documents: int
    passages: int
    languages: Annotated[list[LanguageModel], Field(description="The one with most first.")]
    date_from: Annotated[
        str | None, Field(description="Of the earliest document: a day, a month or a year.")
    ]
    date_to: Annotated[str | None, Field(description="Of the latest.")]
    generation: Annotated[int, Field(description="Grows with every change.")]
    failures: Annotated[int, Field(description="Files that could not be indexed.")]
    can_write: Annotated[
        bool, Field(description="Whether what came with this request lets it change things.")
    ]
    key: Annotated[
        str | None,
        Field(description="The name of the key that came along, where keys are asked for."),
    ]

    @classmethod
    def of(cls, contents: Contents, *, can_write: bool, key: str | None) -> ContentsModel:
        """What a library holds, told to somebody."""
        known = {field.name: getattr(contents, field.name) for field in fields(contents)}
        return cls.model_validate({**known, "can_write": can_write, "key": key})


class FailuresQuery(Wire):
    """Which failures are listed."""

    limit: Annotated[int, Field(ge=1, le=MAX_FAILURES, description="How many to return.")] = (
        DEFAULT_FAILURES
    )
    cursor: Annotated[
        str | None,
        Field(
            max_length=MAX_CURSOR_CHARACTERS, description="The `next_cursor` of the answer before."
        ),
    ] = None


class FailureModel(Wire):
    """A file that could not be indexed."""

    model_config = ConfigDict(json_schema_extra={"examples": [FAILURE]})

    path: str
    code: Annotated[str, Field(description="Stable, for programs.")]
    message: str
    remedy: Annotated[str, Field(description="What to do next.")]


class FailuresModel(Wire):
    """Files that could not be indexed, by path."""

    failures: list[FailureModel]
    next_cursor: Annotated[
        str | None, Field(description="Gets the failures that come next; null: there are none.")
    ]
