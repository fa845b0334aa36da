"""Wire models: what goes over HTTP, and nothing else. Field for field the engine's types."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api import examples
from api.citation_schemas import CitationModel, SentenceModel
from api.wire import MAX_ID, WHOLE, Day, Text, Wire, only_unicode
from index.types import DocumentId, Filters
from qa.engine import MAX_QUESTION_CHARACTERS
from qa.types import DEFAULT_LIMIT, MAX_LIMIT


class FiltersModel(Wire):
    """Which documents are asked. What is left out, or empty, does not filter."""

    model_config = ConfigDict(strict=True)

    places: list[Text] = Field(
        default=[],
        description="At or below one of these absolute paths, or matching one of these globs.",
        examples=[["/home/ana/sources", "*.md"]],
    )
    date_from: Annotated[Day | None, Field(description="Dated on this day or later.")] = None
    date_to: Annotated[Day | None, Field(description="Dated on this day or before.")] = None
    languages: list[Text] = Field(default=[], description="ISO 639.", examples=[["en", "vi"]])
    document_ids: list[Annotated[int, Field(ge=1, le=MAX_ID), WHOLE]] = Field(default=[])

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
    limit: Annotated[
        int, Field(ge=1, le=MAX_LIMIT, description="How many passages to return."), WHOLE
    ] = DEFAULT_LIMIT
    filters: FiltersModel = FiltersModel()
    per_document: Annotated[
        int | None, Field(ge=1, description="At most so many passages of one document."), WHOLE
    ] = None
    explain: Annotated[bool, Field(description="Say what each score is made of.")] = False


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
