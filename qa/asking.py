"""Questions answered: alone, with what else can be asked, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from index.errors import QuestionError
from index.library import Snapshot
from index.types import Filters
from qa.opened import Opened, mending
from qa.question import as_asked
from qa.remembered import Remembered
from qa.settings import Settings
from qa.turns import Turns
from qa.types import DEFAULT_LIMIT, Answer, Request

if TYPE_CHECKING:
    from index.types import Float32


class Asking(Opened):
    """What can be asked of a library.

    Questions that arrive together are embedded together, while others are searched for, one at a
    time. Answers are kept until the library changes.
    """

    def __init__(self, settings: Settings, processes: int = 1) -> None:
        super().__init__(settings, processes)
        self._searching = Turns()
        self._remembered = Remembered()

    def close(self) -> None:
        """Close the library."""
        super().close()
        self._remembered = Remembered()

    def ask(
        self,
        question: str,
        limit: int = DEFAULT_LIMIT,
        filters: Filters | None = None,
        per_document: int | None = None,
        *,
        explain: bool = False,
    ) -> Answer:
        """The passages that answer a question best; `answer` is for what else can be asked.

        Raises:
            QuestionError, LibraryError, EncoderError: with the remedy.
        """
        return self.answer(Request(question, limit, filters or Filters(), per_document, explain))

    def answer(self, request: Request) -> Answer:
        """The passages that answer a request best.

        Raises:
            QuestionError, LibraryError, EncoderError: with the remedy.
        """
        (found,) = self.ask_all([request])
        if isinstance(found, QuestionError):
            raise found
        return found

    @mending
    def ask_all(self, requests: Iterable[Request]) -> list[Answer | QuestionError]:
        """For each request its answer, in order, or what is wrong with its question.

        All are answered from one generation. Questions of other threads come in between.

        Raises:
            LibraryError, EncoderError: with the remedy.
        """
        asked = [as_asked(request) for request in requests]
        # One that comes twice is answered once.
        good = {request: None for request in asked if isinstance(request, Request)}
        answers = self._answers(list(good)) if good else {}
        return [answers[one] if isinstance(one, Request) else one for one in asked]

    def _answers(self, requests: Sequence[Request]) -> dict[Request, Answer]:
        from qa.answer import answer  # numpy and faiss are needed from here on

        snapshot = self.snapshot()
        remembered = ((one, self._remembered.get(snapshot.generation, one)) for one in requests)
        answers = {request: known for request, known in remembered if known}
        asked = [request for request in requests if request not in answers]
        for request, query in zip(asked, self._vectors(snapshot, asked), strict=True):
            with self._searching:
                answers[request] = answer(snapshot, request, query, self._reranking())
            # A generation about to be published may have changed what was read of this one.
            if self._open().catalog.generation() == snapshot.generation:
                self._remembered.keep(request, answers[request])
        return answers

    def _vectors(self, snapshot: Snapshot, requests: Sequence[Request]) -> list[Float32]:
        """Of each request's question; none are embedded without need, nor the model loaded."""
        if not requests:
            return []
        questions = list(dict.fromkeys(request.question for request in requests))
        vectors = self._embedding(snapshot.identity).encode_all(questions)
        known = dict(zip(questions, vectors, strict=True))
        return [known[request.question] for request in requests]

    def encode_question(self, question: str) -> Float32:
        """The question's vector by the library's model: float32, [dimension], unit length."""
        return self._embedding(self.snapshot().identity).encode(question)
