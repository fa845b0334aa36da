"""What all wire models share: nothing unknown, no half characters, days, row ids."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticKnownError

MAX_ID = 2**63 - 1
"""SQLite's largest row id."""


class Wire(BaseModel):
    """Refuses unknown fields; reads the engine's frozen types."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, frozen=True)


def only_unicode(text: str) -> str:
    """JSON can spell half of a surrogate pair, which is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticKnownError("string_unicode") from None
    return text


Text = Annotated[str, AfterValidator(only_unicode), Field(min_length=1)]

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

Day = Annotated[date, Field(strict=False, examples=["2025-10-08"])]
"""JSON has no dates; a string in ISO 8601 is one."""
