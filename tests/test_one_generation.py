"""An answer is of one state of the library, whatever is committed while it is made."""

from __future__ import annotations

import threading
from contextlib import closing
from itertools import count
from pathlib import Path

from conftest import MakeEngine, add
from generated import corpus

from qa.engine import Engine
from qa.types import Request

QUESTION = "ab ba al la"
CHANGES = 10
MORE_THAN_ANY = 1000
"""Passages of one document."""


def asked(engine: Engine, number: int = 0) -> tuple[int, list[str]]:
    """The generation, and where its passages are from; each number makes another request."""
    answer = engine.answer(Request(QUESTION, 20, per_document=MORE_THAN_ANY + number))
    return answer.generation, [one.citation.document.path for one in answer.passages]


def test_answers_are_of_one_generation_while_others_are_committed(
    tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    documents = corpus(tmp_path / "documents", files=6, passages=20)
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, documents)
    first, found = asked(engine)
    changing = Path(found[0])
    engine.remove([changing])
    ended = threading.Event()

    def change() -> None:
        with closing(make_engine(engine.library, model=str(tiny_model))) as writer:
            for _ in range(CHANGES // 2):
                add(writer, documents)
                writer.remove([changing])
        ended.set()

    writing = threading.Thread(target=change)
    writing.start()
    seen = set()
    for number in count(1):
        generation, found = asked(engine, number)
        assert len(found) == 20
        assert (str(changing) in found) == ((generation - first) % 2 == 0)
        seen.add(generation)
        if ended.is_set():
            break
    writing.join()
    assert len(seen) > 2  # else nothing was committed between two questions
