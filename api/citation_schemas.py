"""Wire models of single passages and of citations to take along."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api import examples
from api.schemas import CitationModel, Wire
from qa.engine import Engine

CITATION = examples.ANSWER["passages"][0]["citation"]


class NeighboursModel(Wire):
    """The passages around one, in the text's order; fewer at the document's ends."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"before": [], "after": [CITATION]}]})

    before: list[CitationModel]
    after: list[CitationModel]

    @classmethod
    def of(cls, engine: Engine, id_: str, count: int) -> NeighboursModel:
        """Those around the passage with this id."""
        before, after = engine.neighbours(id_, count)
        return cls.model_validate({"before": before, "after": after})


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
