"""Wire models: what goes over HTTP, and nothing else. Field for field the engine's types."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticKnownError

from api import examples
from qa.engine import DEFAULT_LIMIT, MAX_LIMIT, MAX_QUESTION_CHARACTERS


class Wire(BaseModel):
    """Refuses unknown fields; reads the engine's frozen types."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, frozen=True)


def _unicode(text: str) -> str:
    """JSON can spell half of a surrogate pair, which is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticKnownError("string_unicode") from None
    return text


class AskRequest(Wire):
    """A question."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [examples.REQUEST]})

    question: Annotated[
        str,
        AfterValidator(_unicode),
        Field(
            description=f"In plain words; at most {MAX_QUESTION_CHARACTERS:,} code points, "
            "white space around it left out."
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="How many passages to return.")] = (
        DEFAULT_LIMIT
    )


class SourceModel(Wire):
    """The document a passage stands in."""

    id: Annotated[int, Field(examples=[1])]
    path: Annotated[str, Field(examples=["/home/ana/sources/friendship.txt"])]
    sha256: Annotated[str, Field(description="Of the file's bytes when it was indexed.")]
    title: Annotated[str | None, Field(examples=["A Friendship Rooted in History"])]
    date: Annotated[str | None, Field(description="ISO 8601.", examples=["2025-10-08"])]


class SentenceModel(Wire):
    """A sentence; offsets into the document's canonical text."""

    start: int
    end: int
    quote: str


class CitationModel(Wire):
    """A place in a source. Offsets are Unicode code points, half-open; lines count from 1."""

    id: Annotated[str, Field(description="Of the passage; outlives indexing the file again.")]
    document: SourceModel
    start: Annotated[int, Field(examples=[0])]
    end: Annotated[int, Field(examples=[476])]
    line_start: Annotated[int, Field(examples=[1])]
    line_end: Annotated[int, Field(description="The last line, included.", examples=[5])]
    quote: Annotated[str, Field(description="Verbatim: the canonical text from start to end.")]


class CitedPassageModel(Wire):
    """A ranked passage."""

    rank: Annotated[int, Field(examples=[1])]
    score: Annotated[float, Field(description="0 to 1, comparable within one answer.")]
    citation: CitationModel
    best_sentence: SentenceModel


class AnswerModel(Wire):
    """The passages that answer best, best first."""

    question: str
    generation: Annotated[int, Field(description="Of the library; grows with every change.")]
    passages: list[CitedPassageModel]


class DocumentModel(Wire):
    """A document in the library."""

    id: Annotated[int, Field(examples=[1])]
    path: Annotated[str, BeforeValidator(str), Field(examples=["/home/ana/sources/friendship.txt"])]
    sha256: str
    title: str | None
    date: str | None
    length: Annotated[int, Field(description="Code points of the canonical text.")]
    passages: Annotated[int, Field(description="How many passages it was cut into.")]


class DocumentsModel(Wire):
    """Every document, by path."""

    documents: list[DocumentModel]


class TextModel(Wire):
    """Part of a document's canonical text."""

    document_id: int
    start: int
    end: int
    text: str


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
