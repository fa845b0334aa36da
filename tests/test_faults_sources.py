"""Files that are deleted, and clocks that are wrong."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from conftest import MakeEngine, add, local_client, names
from consistency import held
from generated import corpus, paragraphs, text

from api.app import create_app
from index.sync import Options
from qa.engine import Engine

QUESTION = paragraphs(2, seed=1)[1][:200]
YEAR_NS = 365 * 24 * 3600 * 10**9


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return corpus(tmp_path / "folder", 3, 2)


@pytest.fixture
def engine(folder: Path, tiny_model: Path, make_engine: MakeEngine, tmp_path: Path) -> Engine:
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, folder)
    return engine


def test_a_deleted_file_is_cited_until_the_next_sync(engine: Engine, folder: Path) -> None:
    client = local_client(create_app(engine))
    first = engine.ask(QUESTION).passages[0].citation
    assert Path(first.document.path).name == "001.txt"
    (folder / "001.txt").unlink()
    answer = client.post("/v1/ask", json={"question": QUESTION[:150]}).json()
    found = answer["passages"][0]["citation"]
    assert found["quote"] == first.quote
    document = f"/v1/documents/{found['document']['id']}"
    assert client.get(f"/v1/passages/{found['id']}/citation").status_code == 200
    assert client.get(f"{document}/text").status_code == 200
    gone = client.get(f"{document}/original")
    assert (gone.status_code, gone.json()["code"]) == (410, "original-missing")
    assert "qa add" in gone.json()["remedy"]
    kept = engine.add([folder], lambda _: None, Options(keep_missing=True))
    assert not kept.removed
    assert len(held(engine.library)) == 3
    assert names(add(engine, folder).removed) == ["001.txt"]
    assert client.get(document).status_code == 404


@pytest.mark.parametrize("years", [-30, 30], ids=["past", "future"])
def test_files_of_another_time_are_kept_in_step(years: int, engine: Engine, folder: Path) -> None:
    """The clock may have been wrong when they were written, or be wrong now."""
    file = folder / "001.txt"
    moment = time.time_ns() + years * YEAR_NS
    os.utime(file, ns=(moment, moment))
    assert len(add(engine, folder).unchanged) == 3
    file.write_text(text(2, seed=1)[::-1])  # of the same size, and made to look as old
    os.utime(file, ns=(moment, moment))
    report = add(engine, folder)
    assert (names(report.changed), len(report.unchanged)) == (["001.txt"], 2)


@pytest.mark.parametrize("years", [-30, 30], ids=["ahead", "back"])
def test_a_clock_that_was_set_changes_nothing(years: int, engine: Engine, folder: Path) -> None:
    """Hashed by a clock that was behind, or ahead: since set back."""
    with closing(sqlite3.connect(engine.library / "catalog.sqlite")) as connection, connection:
        connection.execute("UPDATE files SET hashed_ns = hashed_ns + ?", (years * YEAR_NS,))
    assert len(add(engine, folder).unchanged) == 3
    (folder / "001.txt").write_text(text(2, seed=1)[::-1])
    generation = engine.ask(QUESTION).generation
    assert names(add(engine, folder).changed) == ["001.txt"]
    assert engine.ask(QUESTION).generation > generation
