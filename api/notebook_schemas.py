"""Wire models of notebooks."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.export_schemas import MAX_EXPORTED, MAX_NOTE_CHARACTERS, MAX_TITLE_CHARACTERS
from api.wire import MAX_ID, WHOLE, Text, Wire
from index.public_id import ID_CHARACTERS
from qa.notebooks.types import Kept
from qa.question import MAX_QUESTION_CHARACTERS
from qa.selection import MOST_CHARACTERS

MAX_CHARACTERS = 1_000_000
"""Of all words in a notebook: two long novels."""
MAX_SOURCE_CHARACTERS = 4096

PASSAGE: dict[str, Any] = {
    "document_id": 1,
    "sha256": "351e1481efe4dc4a5245f9aa55780da95c45b519c85dda6bd124fb54c5601d49",
    "start": 185,
    "end": 217,
    "quote": "eminent leader of the Lao people",
    "note": "For the introduction.",
    "id": "bb69713650419aaa",
    "source": "History of Friendship Cemented in Common Struggle for Socialism",
    "question": "Who led the Lao people?",
}
CONTENT: dict[str, Any] = {"title": "The chapter on friendship", "passages": [PASSAGE]}
NOTEBOOK: dict[str, Any] = {
    "name": "friendship",
    "updated": "2025-11-22T10:00:00.000+00:00",
    "tag": "0f343b0931126a20f133d67c2b018a3b",
} | CONTENT


class KeptModel(Wire):
    """Words that were collected, and what finds them again when their document changes."""

    model_config = ConfigDict(strict=True)

    document_id: Annotated[int, Field(ge=1, le=MAX_ID), WHOLE]
    sha256: Annotated[
        str,
        Field(pattern="^[0-9a-f]{64}$", description="Of the document's file, as it was then."),
    ]
    start: Annotated[int, Field(ge=0, le=MAX_ID), WHOLE]
    end: Annotated[int, Field(ge=1, le=MAX_ID), WHOLE]
    quote: Annotated[Text, Field(max_length=MOST_CHARACTERS, description="Verbatim.")]
    note: Annotated[
        Annotated[str, Field(max_length=MAX_NOTE_CHARACTERS)] | None,
        Field(description="What their finder wrote to them."),
    ] = None
    id: Annotated[
        Annotated[str, Field(pattern=f"^[0-9a-f]{{{ID_CHARACTERS}}}$")] | None,
        Field(description="Of the passage they stand in."),
    ] = None
    source: Annotated[
        Annotated[Text, Field(max_length=MAX_SOURCE_CHARACTERS)] | None,
        Field(description="What the source is called, for when its document has gone."),
    ] = None
    question: Annotated[
        Annotated[Text, Field(max_length=MAX_QUESTION_CHARACTERS)] | None,
        Field(description="That found them."),
    ] = None


def _bounded(passages: list[KeptModel]) -> list[KeptModel]:
    held = sum(
        len(one.quote) + len(one.note or "") + len(one.source or "") + len(one.question or "")
        for one in passages
    )
    if held > MAX_CHARACTERS:
        raise PydanticCustomError(
            "notebook_too_long",
            "The notebook has {held} characters; {most} are allowed",
            {"held": held, "most": MAX_CHARACTERS},
        )
    return passages


class NotebookContent(Wire):
    """What is to stand in a notebook."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [CONTENT]})

    title: Annotated[str, Field(max_length=MAX_TITLE_CHARACTERS)] = ""
    passages: Annotated[
        list[KeptModel],
        Field(
            max_length=MAX_EXPORTED,
            description=f"In their order; with at most {MAX_CHARACTERS:,} characters in all.",
        ),
        AfterValidator(_bounded),
    ]

    def as_kept(self) -> list[Kept]:
        """The passages, as the store takes them."""
        return [Kept(**one.model_dump()) for one in self.passages]


class NotebookModel(NotebookContent):
    """A notebook."""

    model_config = ConfigDict(strict=False, json_schema_extra={"examples": [NOTEBOOK]})

    name: str
    updated: Annotated[str, Field(description="UTC, ISO 8601.")]
    tag: Annotated[str, Field(description="As in `ETag`: another one for other content.")]


class ListedModel(Wire):
    """A notebook without its passages."""

    name: str
    title: str
    updated: str
    tag: str
    passages: Annotated[int, Field(description="How many there are.")]


class NotebooksModel(Wire):
    """Every notebook, the one changed last first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"notebooks": [NOTEBOOK | {"passages": 1}]}]}
    )

    notebooks: list[ListedModel]
