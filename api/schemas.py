"""Wire models: what goes over HTTP, and nothing else. Field for field the engine's types."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api import examples
from api.citation_schemas import CitationModel, NeighboursModel, SentenceModel
from api.wire import MAX_CHOICES, MAX_ID, WHOLE, AnyGlob, AnyPath, Day, Text, Wire, only_unicode
from index.types import DocumentId, Filters
from qa.question import MAX_QUESTION_CHARACTERS
from qa.types import DEFAULT_LIMIT, MAX_LIMIT, MAX_NEIGHBOURS, Request

MAX_DOCUMENT_IDS = 1000
"""As many as one page of the list of documents has."""


class FiltersModel(Wire):
    """Which documents are asked: those that every filter lets through.

    What is left out, or empty, does not filter.
    """

    model_config = ConfigDict(strict=True)

    path: list[AnyPath] = Field(
        default=[],
        max_length=MAX_CHOICES,
        description="At or below one of these.",
        examples=[["/home/ana/sources"]],
    )
    glob: list[AnyGlob] = Field(
        default=[],
        max_length=MAX_CHOICES,
        description="With a path that matches one of these.",
        examples=[["*.md"]],
    )
    date_from: Annotated[Day | None, Field(description="Dated on this day or later.")] = None
    date_to: Annotated[Day | None, Field(description="Dated on this day or before.")] = None
    language: list[Text] = Field(
        default=[],
        max_length=MAX_CHOICES,
        description="In one of these, ISO 639.",
        examples=[["en", "vi"]],
    )
    document_ids: list[Annotated[int, Field(ge=1, le=MAX_ID), WHOLE]] = Field(
        default=[], max_length=MAX_DOCUMENT_IDS, description="One of these.", examples=[[1, 7]]
    )

    def as_filters(self) -> Filters:
        """As the engine takes them."""
        return Filters(
            tuple(self.path),
            tuple(self.glob),
            self.date_from.isoformat() if self.date_from else None,
            self.date_to.isoformat() if self.date_to else None,
            tuple(language.lower() for language in self.language),
            tuple(DocumentId(id_) for id_ in self.document_ids),
        )


SCORE = (
    "Scores compare the passages of one answer, each kind of evidence measured against the best "
    "candidate's: the first passage mostly has 0.7 to 1 even where nothing answers, the furthest "
    "seldom less than 0.5. They tell how far a passage is behind the best one, not whether it is "
    "right. With a reranker they are what its model gives."
)

MAX_QUESTIONS = 50
"""In one request: about a second's work."""

MAX_BATCH_PASSAGES = 5_000
"""In the answer to several questions: at about 4 kB each, 20 MB."""


def _bounded(questions: list[AskRequest]) -> list[AskRequest]:
    asked = sum(one.limit * (1 + 2 * one.context) for one in questions)
    if asked > MAX_BATCH_PASSAGES:
        raise PydanticCustomError(
            "too_many_passages",
            "{asked} passages are asked for, with those around them; {most} are allowed",
            {"asked": asked, "most": MAX_BATCH_PASSAGES},
        )
    return questions


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
    min_score: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            allow_inf_nan=False,
            description="Leave out passages that score less; where none is left, `notice` gives "
            f"the best score there was. {SCORE}",
        ),
    ] = 0.0
    explain: Annotated[bool, Field(description="Say what each score is made of.")] = False
    context: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_NEIGHBOURS,
            description="How many passages before and after each to give as its `neighbours`.",
        ),
        WHOLE,
    ] = 0

    def as_request(self) -> Request:
        """As the engine takes it."""
        return Request(
            self.question,
            self.limit,
            self.filters.as_filters(),
            self.per_document,
            self.explain,
            self.min_score,
            self.context,
        )


class AskBatchRequest(Wire):
    """Several questions at once."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [examples.BATCH]})

    questions: Annotated[
        list[AskRequest],
        AfterValidator(_bounded),
        Field(
            min_length=1,
            max_length=MAX_QUESTIONS,
            description="Each with its own filters and limits. They may ask for "
            f"{MAX_BATCH_PASSAGES:,} passages in all, those around others counted.",
        ),
    ]


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
    score: Annotated[float, Field(description=f"0 to 1. {SCORE}")]
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
    neighbours: Annotated[
        NeighboursModel | None,
        Field(description="If asked for with `context`: the passages around it."),
    ]


class AnswerModel(Wire):
    """The passages that answer best, best first."""

    question: str
    generation: Annotated[int, Field(description="Of the library; grows with every change.")]
    passages: list[CitedPassageModel]
    notice: Annotated[
        str | None,
        Field(
            description="Says so where filters, quotation marks or `min_score` let nothing through."
        ),
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


class OneOfManyModel(Wire):
    """What became of one question of several: an answer, or what is wrong with it."""

    answer: AnswerModel | None
    problem: Annotated[
        Problem | None, Field(description="As the question would have been answered alone.")
    ]


class AnswersModel(Wire):
    """What became of each question, in the order in which they were asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ANSWERS]})

    answers: list[OneOfManyModel]
