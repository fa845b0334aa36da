"""Reprints are shown once, with all their places; what differs in substance stays apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import MakeEngine, RunQa, add, qa_environment, write

from qa import retrieve
from qa.engine import Engine
from qa.rendering import answer_as_text

STORY = (
    "The embassy of Laos in Hanoi was opened on a rainy morning by the foreign minister, who "
    "thanked the workers for twelve months of building and promised that its library would be "
    "open to every student of the city without a fee."
)
MORE = (
    "Farmers from three villages had come by boat before dawn, with baskets of rice and fruit for "
    "the guests, and stood along the fence while the band of the railway played both anthems twice. "
    "Nobody spoke of the flood that had closed the road in spring, nor of the money it had cost."
)
QUESTION = "Who opened the embassy of Laos in Hanoi?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copies") / "library"


@pytest.fixture
def engine(make_engine: MakeEngine, library: Path) -> Engine:
    engine = make_engine(library)
    if not library.exists():
        add(engine, _reprints(library.parent / "docs"))
    return engine


def _reprints(folder: Path) -> Path:
    return write(
        folder,
        first=STORY,
        reprint=STORY,
        typo=STORY.replace("rainy", "raniy"),
        number=STORY.replace("on a rainy morning", "on 5 May 1975"),
        other_number=STORY.replace("on a rainy morning", "on 6 May 1975"),
        elsewhere="Rice is grown along the river, and the harvest was good in most villages.",
    )


def test_the_same_text_is_shown_once_with_all_its_places(engine: Engine) -> None:
    answer = engine.ask(QUESTION, 10)
    by_name = {Path(one.citation.document.path).stem: one for one in answer.passages}
    assert len(answer.passages) == 4
    groups = {
        name: {Path(at.document.path).stem for at in one.also_at} for name, one in by_name.items()
    }
    (shown,) = set(groups) & {"first", "reprint", "typo"}
    assert groups[shown] == {"first", "reprint", "typo"} - {shown}
    assert groups["number"] == groups["other_number"] == groups["elsewhere"] == set()


def test_every_place_is_cited_exactly(engine: Engine) -> None:
    for one in engine.ask(QUESTION, 10).passages:
        for at in one.also_at:
            assert engine.text(at.document.id, at.start, at.end) == at.quote


def test_copies_make_room_for_other_passages(engine: Engine) -> None:
    assert len(engine.ask(QUESTION, 4).passages) == 4


def test_nobody_waits_for_what_lies_behind_thousands_of_copies(
    make_engine: MakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = f"{STORY} {MORE}".split()  # so long that one word more or less is a copy still
    copies = {
        f"copy{n}": " ".join([*words[:n], word[::-1], *words[n + 1 :]])
        for n, word in enumerate(words)
        if word.isalpha() and len(set(word)) > 1
    }
    engine = make_engine(tmp_path / "library")
    add(engine, write(tmp_path / "docs", **copies, behind="Rice is grown along the river."))
    monkeypatch.setattr(retrieve, "CANDIDATES", 2)
    (only,) = engine.ask(QUESTION, 3).passages
    assert 2 * retrieve.MOST_IN_VAIN < len(only.also_at) < len(copies) - 1
    monkeypatch.setattr(retrieve, "MOST_IN_VAIN", len(copies))
    assert len(engine.ask(QUESTION, 2).passages) == 2


def test_the_command_line_names_the_other_places(
    run_qa: RunQa, engine: Engine, library: Path, cache: Path
) -> None:
    here = qa_environment(library, cache)
    done = run_qa("ask", QUESTION, "-k", "4", environment=here)
    assert done.stdout.count("also at ") == 2
    assert "here: r" in done.stdout  # rainy and raniy: which is where depends on the scores
    answer = json.loads(run_qa("ask", QUESTION, "--format", "json", environment=here).stdout)
    assert sum(len(one["also_at"]) for one in answer["passages"]) == 2


def test_of_many_other_places_the_first_are_shown_and_the_rest_are_counted(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    engine = make_engine(tmp_path / "library")
    copies = {f"copy{n}": "Rice is grown along the river, and sold in the town." for n in range(9)}
    add(engine, write(tmp_path / "docs", **copies))
    answer = engine.ask("Where is rice grown?")
    (only,) = answer.passages
    assert len(only.also_at) == 8
    shown = answer_as_text(answer, colour=False)
    assert shown.count("also at ") == 5
    assert "and at 3 more" in shown
