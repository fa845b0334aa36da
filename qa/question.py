"""What can be asked: a question in plain words, neither empty nor too long."""

from __future__ import annotations

from dataclasses import replace

from index.errors import QuestionEmpty, QuestionError, QuestionTooLong
from qa.types import Request

MAX_QUESTION_CHARACTERS = 2000
"""A long paragraph. The models we know read less than half of it."""


def as_asked(request: Request) -> Request | QuestionError:
    """The request with its question checked, or what is wrong with it."""
    try:
        return replace(request, question=checked(request.question))
    except QuestionError as error:
        return error


def checked(question: str) -> str:
    """The question without white space around it.

    Raises:
        QuestionEmpty, QuestionTooLong: with the remedy.
    """
    # A byte of the command line that was no UTF-8 comes as a lone surrogate, which no model reads.
    question = question.encode(errors="replace").decode().strip()
    if not any(character.isalnum() for character in question):
        raise QuestionEmpty(
            "The question holds no word." if question else "The question is empty.",
            'Ask something in plain words, such as: qa ask "Who visited Pyongyang?"',
        )
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionTooLong(
            f"The question has {len(question):,} characters; "
            f"{MAX_QUESTION_CHARACTERS:,} are allowed.",
            "Ask in a sentence or two. To index a long text, save it as a file and use: qa add FILE",
        )
    return question
