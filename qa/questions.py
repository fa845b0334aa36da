"""Questions whose right passages are known, read from JSON Lines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import QuestionsInvalid


@dataclass(frozen=True, slots=True)
class Gold:
    """A right place: a span of a file, a page of it, or the file alone."""

    file: str
    start: int | None
    end: int | None
    grade: int
    page: int | None = None
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question and where its answer stands."""

    id: str
    question: str
    gold: tuple[Gold, ...]
    by_file: bool
    """Judged by file: its places are files, or graded."""
    scope: str | None
    """The one file it is asked of."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What a file holds."""

    answerable: list[KnownQuestion]
    unanswerable: int
    """How many the documents do not answer: no passage is right, so none can be judged."""


def read_questions(path: Path) -> Questions:
    """The questions of a file.

    Raises:
        QuestionsInvalid: naming the line that cannot be used.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsInvalid(
            f"{path}: the questions cannot be read ({error}).", "Name a UTF-8 file of JSON Lines."
        ) from None
    found: list[KnownQuestion] = []
    unanswerable = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if record.get("answerable", True):
                found.append(_question(record))
            else:
                unanswerable += 1
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QuestionsInvalid(
                f"{path}:{number}: this is no question with its gold ({error}).",
                'A line is like {"id": "1", "question": "…", "gold": [{"file": "a.txt", '
                '"start": 0, "end": 9}]}.',
            ) from None
    if not found:
        raise QuestionsInvalid(f"{path}: no answerable question is in it.", "Add one a line.")
    return Questions(found, unanswerable)


def _question(record: dict[str, Any]) -> KnownQuestion:
    places = record["gold"]
    return KnownQuestion(
        id=str(record["id"]),
        question=record["question"],
        gold=tuple(
            Gold(
                place["file"],
                place.get("start"),
                place.get("end"),
                int(place.get("rel", 1)),
                place.get("page"),
            )
            for place in places
        ),
        by_file=any(
            "rel" in place or ("start" not in place and "page" not in place) for place in places
        ),
        scope=record.get("scope"),
    )
