"""Asking only some documents: by place, date, language, number; and saying so when none is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, MakeEngine, RunQa, add, local_client, qa_environment, write

from api.app import create_app
from index.types import DocumentId, Filters
from qa.engine import Engine
from qa.options import Chosen

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
        ({"globs": ("*/n*.txt",)}, {"new"}),
        ({"globs": ("*/n*.txt", "*/o*.txt")}, {"new", "old"}),
        ({"globs": ("*/n*.txt",), "date_to": "2021-01-01"}, set()),
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
    answer = engine.ask(QUESTION, 5, Filters(("/nowhere",), (), "2025-01-01", languages=("fr",)))
    assert answer.notice == (
        "No document in the library is in /nowhere, dated 2025-01-01 or later, written in fr."
    )


BRACKETS = ("notes [1]/a", "notes 1/b", "what?/c", "whatx/d", "all*/e", "all but/f")
"""Each second name is one that the first would match, were it a pattern."""


@pytest.fixture(scope="module")
def bracketed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("brackets [x]").resolve()
    for number, name in enumerate(BRACKETS):
        (root / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "docs" / f"{name}.txt").write_text(f"The embassy in the capital, {number}.")
    return root


@pytest.fixture
def oddly_named(make_engine: MakeEngine, bracketed: Path, tiny_model: Path) -> Engine:
    engine = make_engine(bracketed / "library", model=str(tiny_model))
    if not (bracketed / "library").exists():
        add(engine, bracketed / "docs")
    return engine


@pytest.mark.parametrize(
    ("below", "names"),
    [
        ("notes [1]", {"a"}),
        ("notes [1]/a.txt", {"a"}),
        ("what?", {"c"}),
        ("all*", {"e"}),
        ("*", set()),
        ("note", set()),
        (".", set("abcdef")),
    ],
)
def test_a_path_is_taken_as_it_is(
    oddly_named: Engine, bracketed: Path, below: str, names: set[str]
) -> None:
    assert asked(oddly_named, paths=(str(bracketed / "docs" / below),)) == names


def test_a_path_and_a_glob_must_both_let_a_document_through(
    oddly_named: Engine, bracketed: Path
) -> None:
    below = str(bracketed / "docs" / "notes [1]")
    assert asked(oddly_named, paths=(below,), globs=("*/[ab].txt",)) == {"a"}
    assert asked(oddly_named, paths=(below,), globs=("*/b.txt",)) == set()
    told = oddly_named.ask(QUESTION, 1, Filters((below,), ("*/b.txt",))).notice
    assert told == f"No document in the library is in {below}, named like */b.txt."


@pytest.mark.parametrize(
    ("within", "names"),
    [
        (("notes [1]",), {"a"}),  # there on disk
        (("notes [1]", "what?"), {"a", "c"}),
        (("notes [12]",), set()),  # a pattern, and it matches the folder alone
        (("notes [12]/*",), {"b"}),
        (("what?/*",), {"c", "d"}),
        (("[ab].txt",), {"a", "b"}),
        (("[ab].txt", "what?"), {"a", "b", "c"}),  # one of them is enough
        (("./all*/e.txt",), {"e"}),
        (("../docs/all*/[ef].txt",), {"e", "f"}),
    ],
)
def test_the_command_line_tells_a_path_from_a_pattern(
    oddly_named: Engine,
    bracketed: Path,
    monkeypatch: pytest.MonkeyPatch,
    within: tuple[str, ...],
    names: set[str],
) -> None:
    monkeypatch.chdir(bracketed / "docs")
    filters = Chosen(within, Filters()).as_filters(oddly_named)
    answer = oddly_named.ask(QUESTION, 50, filters)
    assert {Path(one.citation.document.path).stem for one in answer.passages} == names


def test_a_path_the_library_knows_is_no_pattern_though_gone_from_disk(
    make_engine: MakeEngine, tmp_path: Path, tiny_model: Path
) -> None:
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    folder = write(tmp_path / "docs", **{"x[1]": "The embassy, one.", "x1": "The embassy, two."})
    add(engine, folder)
    (folder / "x[1].txt").unlink()
    filters = Chosen((str(folder / "x[1].txt"),), Filters()).as_filters(engine)
    assert filters == Filters((str((folder / "x[1].txt").resolve()),))


@pytest.mark.slow
def test_filters_act_before_candidates_are_cut(make_engine: MakeEngine, tmp_path: Path) -> None:
    crowd = {f"a{n}": f"The capital has an embassy, number {n}, on the river." for n in range(300)}
    engine = make_engine(tmp_path / "library")
    add(engine, write(tmp_path / "docs", **crowd, zlast="Bread is baked in the town of Luang."))
    answer = engine.ask("Where is the embassy in the capital?", 5, Filters(globs=("*/zlast.txt",)))
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
    client = local_client(create_app(engine))
    ids = [document.id for document in engine.documents() if document.path.stem == "new"]
    filters = {
        "glob": ["*/new.txt"],
        "date_from": "2025-10-08",
        "date_to": "2025-10-08",
        "language": ["en"],
        "document_ids": ids,
    }
    answer = client.post("/v1/ask", json={"question": QUESTION, "filters": filters}).json()
    assert {Path(p["citation"]["document"]["path"]).stem for p in answer["passages"]} == {"new"}
    nothing = client.post("/v1/ask", json={"question": QUESTION, "filters": {"language": ["fr"]}})
    assert nothing.status_code == 200
    assert nothing.json()["passages"] == []
    assert nothing.json()["notice"] == "No document in the library is written in fr."


@pytest.mark.parametrize(
    "filters",
    [
        {"date_from": "yesterday"},
        {"date_from": 20251008},
        {"document_ids": [0]},
        {"language": [""]},
        {"languages": ["en"]},
        {"glob": "*.txt"},
        {"glob": ["x"] * 51},
        {"glob": ["x" * 4097]},
        {"path": [""]},
        {"document_ids": [1] * 1001},
        {"author": "Ana"},
    ],
)
def test_http_refuses_what_is_no_filter(engine: Engine, filters: dict[str, Any]) -> None:
    client = local_client(create_app(engine))
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
    (within,) = engine.ask("Who opened it?", 1, Filters(globs=("*/a1?.txt",))).passages
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
