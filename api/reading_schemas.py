"""Wire models of a document that is read: its outline, and where words stand on a page."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.wire import Wire


class HeadingModel(Wire):
    """A heading of a document."""

    level: Annotated[int, Field(description="From 1.", examples=[1])]
    title: Annotated[str, Field(examples=["Methods"])]
    start: Annotated[int, Field(description="Where it begins in the canonical text.")]


class NumberedModel(Wire):
    """A page or a slide of a document."""

    number: Annotated[int, Field(description="From 1.", examples=[14])]
    label: Annotated[
        str, Field(description="What is printed on it; empty if not known.", examples=["xii"])
    ]
    start: Annotated[int, Field(description="Where it begins in the canonical text.")]


class OutlineModel(Wire):
    """Where the parts of a document begin; empty is what its format has not."""

    document_id: int
    length: Annotated[int, Field(description="Code points of the canonical text.")]
    headings: list[HeadingModel]
    pages: list[NumberedModel]
    slides: list[NumberedModel]


class BoxModel(Wire):
    """Part of a line on a page, in fractions of its width and height, from its upper left corner."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"start": 4, "end": 40, "left": 0.1, "top": 0.2, "right": 0.8, "bottom": 0.21}
            ]
        }
    )

    start: Annotated[int, Field(description="Of the words in it, in the canonical text.")]
    end: int
    left: Annotated[float, Field(ge=0, le=1)]
    top: Annotated[float, Field(ge=0, le=1)]
    right: Annotated[float, Field(ge=0, le=1)]
    bottom: Annotated[float, Field(ge=0, le=1)]


class PageBoxesModel(Wire):
    """What of some words stands on a page."""

    number: int
    width: Annotated[float, Field(description="Of the page as it is shown, in points.")]
    height: float
    boxes: Annotated[list[BoxModel], Field(description="In the order of reading.")]
