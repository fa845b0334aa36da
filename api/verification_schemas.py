"""Wire models of verified drafts. Field for field the types of `qa.checking.types`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Base64Bytes, ConfigDict, Field

from api.citation_schemas import CitationModel, LocatorModel
from api.job_schemas import MAX_NAME_CHARACTERS
from api.schemas import ContextModel, FiltersModel
from api.wire import WHOLE, Text, Wire
from qa.checking.types import MIN_WORDS

MAX_DRAFT_CHARACTERS = 2_000_000
"""Four long novels."""


class VerifyRequest(Wire):
    """A draft whose quotations are to be verified."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "text": "Kaysone Phomvihane is called an “eminent leader of Lao people”.",
                    "format": "markdown",
                    "min_words": 3,
                    "filters": {
                        "path": [],
                        "glob": [],
                        "date_from": None,
                        "date_to": None,
                        "language": ["en"],
                        "document_ids": [],
                    },
                }
            ]
        },
    )

    text: Annotated[Text, Field(max_length=MAX_DRAFT_CHARACTERS)]
    format: Annotated[
        Literal["markdown", "text"], Field(description="Whether markup is to be seen through.")
    ] = "markdown"
    min_words: Annotated[
        int, Field(ge=1, description="Shorter quotations are left out."), WHOLE
    ] = MIN_WORDS
    filters: FiltersModel = FiltersModel()


class DraftFile(Wire):
    """A draft as the bytes of its file."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "chapter.txt", "data": "4oCcbm90IG9uZSBvZiB0aGVt4oCd"}]
        }
    )

    name: Annotated[
        Text,
        Field(
            max_length=MAX_NAME_CHARACTERS,
            description="The file's name; its suffix says how it is read.",
        ),
    ]
    data: Annotated[Base64Bytes, Field(description="In base64.")]


class DraftModel(Wire):
    """What a reader of the draft sees, without what its format adds."""

    name: str
    text: Annotated[str, Field(description="To be verified, with `format` text.")]


class ChangeModel(Wire):
    """Words that differ. Either side may be empty: added to the source's, or dropped."""

    draft_start: Annotated[int, Field(description="In the quotation's text.")]
    draft_end: int
    draft: str
    source_start: Annotated[int, Field(description="In the cited document's canonical text.")]
    source_end: int
    source: str


class OmissionModel(Wire):
    """An ellipsis, and the words it stands for."""

    start: Annotated[int, Field(description="In the quotation's text.")]
    end: int
    omitted: Annotated[str, Field(description="Verbatim.")]
    honest: bool
    reason: Annotated[str | None, Field(description="Why it is not.")]


class InsertionModel(Wire):
    """Words in [brackets], and what they stand for."""

    start: int
    end: int
    inserted: str
    replaced: Annotated[str, Field(description="Of the source, verbatim; empty if nothing was.")]
    honest: bool
    reason: str | None


class AttributionModel(Wire):
    """Who or what the draft names as the origin of a quotation."""

    start: Annotated[int, Field(description="Of the name, in the draft as people read it.")]
    end: int
    name: str
    kind: Literal["source", "speaker"]
    agrees: Annotated[
        bool | None, Field(description="Whether the passage is from it; null: cannot be told.")
    ]
    reason: str


class VerifiedQuotationModel(Wire):
    """A quotation and what became of it."""

    number: int
    text: str
    start: Annotated[int, Field(description="In the draft's text; code points.")]
    end: int
    locator: Annotated[LocatorModel, Field(description="In the draft.")]
    verdict: Literal["exact", "normalised", "altered", "not_found"]
    similarity: Annotated[float, Field(description="0 to 1: the share of words that agree.")]
    rules: Annotated[
        list[str], Field(description="By which it is the same, where it is normalised.")
    ]
    changes: list[ChangeModel]
    omissions: list[OmissionModel]
    insertions: list[InsertionModel]
    citation: Annotated[
        CitationModel | None, Field(description="Of the words found, or of what comes nearest.")
    ]
    elsewhere: Annotated[list[CitationModel], Field(description="The same words, the first few.")]
    attributions: list[AttributionModel]
    context: ContextModel | None


class VerificationModel(Wire):
    """Every quotation of a draft, verified."""

    draft: Annotated[str, Field(description="Its path; empty for text that came over HTTP.")]
    generation: Annotated[int, Field(description="Of the library.")]
    quotations: list[VerifiedQuotationModel]
    short: Annotated[int, Field(description="Quotations left out: too few words.")]
