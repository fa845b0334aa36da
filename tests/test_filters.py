"""Asking only some documents: by place, date, language, number; and saying so when none is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import LOOPBACK, SEEDS, MakeEngine, RunQa, add, qa_environment, write
from fastapi.testclient import TestClient

from api.app import create_app
from index.types import DocumentId, Filters
from qa.engine import Engine

TEXTS = {
    "old": "Date: 2020-03-01\n\nThe embassy in the capital was opened by the minister on that day.",
    "new": "Date: 2025-10-08\n\nThe embassy in the capital was closed by the minister on that day.",
    "undated": "The embassy in the capital is a house with a garden, and the minister likes it.",
    "viet": "Đại sứ quán ở thủ đô được bộ trưởng khai trương vào ngày hôm đó, sau cuộc hội đàm.",
}
QUESTION = "Who opened the embassy in the capital?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("filters") / "library"


@pytest.fixture
def engine(make_engine: MakeEngine, library: Path, tiny_model: Path) -> Engine:
    engine = make_engine(library, model=str(tiny_model))
    if not library.exists():
        add(engine, write(library.parent / "docs", **TEXTS))
    return engine


def asked(engine: Engine, **filters: Any) -> set[str]:
    answer = engine.ask(QUESTION, 50, Filters(**filters))
    assert (answer.notice is None) == bool(answer.passages)
    return {Path(one.citation.document.path).stem for one in answer.passages}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, {"old", "new", "undated", "viet"}),
        ({"date_from": "2020-03-01"}, {"old", "new"}),
        ({"date_from": "2020-03-02"}, {"new"}),
        ({"date_to": "2025-10-08"}, {"old", "new"}),
        ({"date_to": "2025-10-07"}, {"old"}),
        ({"date_from": "2021-01-01", "date_to": "2022-01-01"}, set()),
        ({"languages": ("vi",)}, {"viet"}),
        ({"languages": ("vi", "en")}, {"old", "new", "undated", "viet"}),
        ({"languages": ("fr",)}, set()),
        ({"places": ("*/n*.txt",)}, {"new"}),
        ({"places": ("*/n*.txt", "*/o*.txt")}, {"new", "old"}),
        ({"places": ("*/n*.txt",), "date_to": "2021-01-01"}, set()),
        ({"document_ids": (DocumentId(10**9),)}, set()),
    ],
)
def test_every_filter_must_let_a_document_through(
    engine: Engine, filters: dict[str, Any], names: set[str]
) -> None:
    assert asked(engine, **filters) == names


def test_a_document_is_asked_by_its_number(engine: Engine) -> None:
    for document in engine.documents():
        assert asked(engine, document_ids=(document.id,)) == {document.path.stem}


def test_nothing_left_to_ask_is_said_in_the_filters_words(engine: Engine) -> None:
    answer = engine.ask(QUESTION, 5, Filters(("/nowhere",), "2025-01-01", languages=("fr",)))
    assert answer.notice == (
        "No document in the library is in /nowhere, dated 2025-01-01 or later, written in fr."
    )


@pytest.mark.slow
def test_filters_act_before_candidates_are_cut(make_engine: MakeEngine, tmp_path: Path) -> None:
    crowd = {f"a{n}": f"The capital has an embassy, number {n}, on the river." for n in range(300)}
    engine = make_engine(tmp_path / "library")
    add(engine, write(tmp_path / "docs", **crowd, zlast="Bread is baked in the town of Luang."))
    answer = engine.ask("Where is the embassy in the capital?", 5, Filters(("*/zlast.txt",)))
    assert [Path(one.citation.document.path).stem for one in answer.passages] == ["zlast"]


@pytest.mark.slow
def test_the_command_line_takes_every_filter(
    run_qa: RunQa, engine: Engine, library: Path, cache: Path
) -> None:
    here = qa_environment(library, cache)
    common = ("ask", QUESTION, "-k", "50", "--format", "json")
    for options, names in (
        (("--from", "2021-01-01"), {"new"}),
        (("--to", "2021-01-01"), {"old"}),
        (("--language", "VI"), {"viet"}),
        (("--document", str(engine.documents()[0].id)), {engine.documents()[0].path.stem}),
    ):
        answer = json.loads(run_qa(*common, *options, environment=here).stdout)
        assert {Path(p["citation"]["document"]["path"]).stem for p in answer["passages"]} == names
    done = run_qa("ask", QUESTION, "--language", "fr", environment=here)
    assert done.returncode == 0
    assert done.stdout == "No document in the library is written in fr.\n"
    assert run_qa("ask", QUESTION, "--from", "yesterday", environment=here).returncode == 2


def test_http_takes_every_filter(engine: Engine) -> None:
    client = TestClient(create_app(engine), base_url=LOOPBACK)
    ids = [document.id for document in engine.documents() if document.path.stem == "new"]
    filters = {
        "places": ["*/new.txt"],
        "date_from": "2025-10-08",
        "date_to": "2025-10-08",
        "languages": ["en"],
        "document_ids": ids,
    }
    answer = client.post("/v1/ask", json={"question": QUESTION, "filters": filters}).json()
    assert {Path(p["citation"]["document"]["path"]).stem for p in answer["passages"]} == {"new"}
    nothing = client.post("/v1/ask", json={"question": QUESTION, "filters": {"languages": ["fr"]}})
    assert nothing.status_code == 200
    assert nothing.json()["passages"] == []
    assert nothing.json()["notice"] == "No document in the library is written in fr."


@pytest.mark.parametrize(
    "filters",
    [
        {"date_from": "yesterday"},
        {"date_from": 20251008},
        {"document_ids": [0]},
        {"languages": [""]},
        {"places": "*.txt"},
        {"author": "Ana"},
    ],
)
def test_http_refuses_what_is_no_filter(engine: Engine, filters: dict[str, Any]) -> None:
    client = TestClient(create_app(engine), base_url=LOOPBACK)
    refused = client.post("/v1/ask", json={"question": QUESTION, "filters": filters})
    assert refused.status_code == 422


def test_one_document_gives_no_more_than_its_share(seed_engine: Engine) -> None:
    question = "Who visited the DPRK?"
    everything = seed_engine.ask(question, 40).passages
    answer = seed_engine.ask(question, 5, per_document=1)
    documents = [one.citation.document.id for one in answer.passages]
    assert len(set(documents)) == len(documents) == 5  # back-filled from further down
    best = {one.citation.document.id: one.citation.id for one in reversed(everything)}
    assert {one.citation.document.id: one.citation.id for one in answer.passages} == best
    assert len(seed_engine.ask(question, 40, per_document=3).passages) == 15
    assert len({one.citation.document.path for one in everything}) == len(list(SEEDS.glob("*.txt")))


@pytest.mark.slow
def test_copies_beyond_the_first_candidates_hide_nothing(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    same = "The embassy in the capital was opened on a rainy morning by the foreign minister."
    folder = write(
        tmp_path / "docs",
        **{f"a{n}": same for n in range(250)},
        other="Bread is baked in a town.",
        another="The river is long and wide.",
    )
    engine = make_engine(tmp_path / "library")
    add(engine, folder)
    answer = engine.ask("Who opened the embassy in the capital?", 3)
    assert len(answer.passages) == 3
    assert len(answer.passages[0].also_at) == 249
    (alone,) = engine.ask("Who opened the embassy in the capital?", 1).passages
    assert len({at.document.id for at in alone.also_at} - {alone.citation.document.id}) == 249
    (within,) = engine.ask("Who opened it?", 1, Filters(("*/a1?.txt",))).passages
    assert len(within.also_at) == 9


@pytest.mark.slow
def test_back_filling_looks_further_down_than_the_first_candidates(
    make_engine: MakeEngine, tmp_path: Path
) -> None:
    paragraphs = [
        f"The embassy number {n} in the capital. " + "More words. " * 60 for n in range(250)
    ]
    folder = write(
        tmp_path / "docs", crowd="\n\n".join(paragraphs), other="Bread is baked in a town."
    )
    engine = make_engine(tmp_path / "library")
    add(engine, folder)
    answer = engine.ask("Where is the embassy in the capital?", 2, per_document=1)
    assert [Path(one.citation.document.path).stem for one in answer.passages] == ["crowd", "other"]
