"""What stands in quotation marks is required, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MakeEngine, add, write

from qa.engine import Engine
from qa.phrases import quoted


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ('Who said "no more war"?', ["no more war"]),
        ("Who said “no more war”?", ["no more war"]),
        ("Wer sagte „nie wieder“?", ["nie wieder"]),
        ("Qui a dit « jamais plus » ?", [" jamais plus "]),
        ('"one" and "two"', ["one", "two"]),
        ('a 6" gun', []),
        ("Kim's and Lam's", []),
        ('"" and "?!"', []),
    ],
)
def test_phrases_are_what_stands_in_quotation_marks(question: str, phrases: list[str]) -> None:
    assert quoted(question) == phrases


@pytest.fixture
def engine(make_engine: MakeEngine, tmp_path: Path, tiny_model: Path) -> Engine:
    folder = write(
        tmp_path / "docs",
        exact="They call him the eminent leader of the Lao people.",
        inflected="They call him the eminent leaders of the Lao peoples.",
        reordered="The leader of the eminent Lao people is what they call him.",
        accented="Họ gọi Tô Lâm là lãnh đạo.",
    )
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, folder)
    return engine


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ('Who is the "eminent leader of the Lao"?', {"exact"}),
        ('Who is the "EMINENT LEADER"?', {"exact"}),
        ('Who is the "eminent leaders"?', {"inflected"}),
        ('"leader of the" "eminent"', {"exact", "reordered"}),
        ('"to lam"', {"accented"}),
        ("eminent leader", {"exact", "inflected", "reordered", "accented"}),
    ],
)
def test_only_passages_with_the_phrase_are_returned(
    engine: Engine, question: str, names: set[str]
) -> None:
    answer = engine.ask(question, 10)
    assert {Path(one.citation.document.path).stem for one in answer.passages} == names
    assert answer.notice is None


def test_a_phrase_nobody_wrote_is_said_to_be_missing(engine: Engine) -> None:
    answer = engine.ask('Who is the "feared leader"?', 10)
    assert answer.notice == (
        'No passage asked holds "feared leader" word for word; these come nearest.'
    )
    assert len(answer.passages) == 4
