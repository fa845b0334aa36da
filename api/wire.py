"""What all wire models share: nothing unknown, no half characters, days, row ids."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

MAX_ID = 2**53 - 1
"""The largest whole number that every reader of JSON keeps as it is (RFC 8259, section 6)."""


class Wire(BaseModel):
    """Refuses unknown fields; reads the engine's frozen types."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, frozen=True)


def only_unicode(text: str) -> str:
    """JSON can spell half of a surrogate pair, which is no character; for text without a bound."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticKnownError("string_unicode") from None
    return text


Text = Annotated[str, Field(min_length=1)]
"""Measured, so pydantic refuses half of a surrogate pair in it by itself (`string_unicode`)."""

MAX_CHOICES = 50
"""Of paths, globs or languages in one request: they are compared with every document."""

MAX_PATH_CHARACTERS = 4096
"""Linux's longest path (PATH_MAX), were every character one byte; SQLite takes longer patterns."""

AnyPath = Annotated[
    Text,
    Field(
        max_length=MAX_PATH_CHARACTERS,
        description="An absolute path, taken as it is: [ ] * ? stand for themselves.",
    ),
]
AnyGlob = Annotated[
    Text,
    Field(
        max_length=MAX_PATH_CHARACTERS,
        description="A pattern for whole paths, begun with */ to match at any depth: * stands for "
        "any characters, / too; ? for one; [abc] for one of these, [*] for * itself.",
    ),
]


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""Last in the annotation of an int, after its bounds: to JSON, 3.0 is the same number as 3."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_as_a_day(value: object) -> object:
    # Pydantic would take a number for seconds since 1970, and midnight for a day.
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "Input should be a day as in 2025-10-08")
    if isinstance(value, int | float):
        raise PydanticKnownError("date_type")
    return value


Day = Annotated[
    date, Field(strict=False, examples=["2025-10-08"]), BeforeValidator(_written_as_a_day)
]
"""JSON has no dates; a string in ISO 8601 is one."""
