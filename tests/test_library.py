"""Generations, snapshots and the lock, on real stores; the tiny model makes the vectors."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import MakeEngine, add, write

from index import changes, derived, library
from index.errors import LibraryEmpty, LibraryLocked
from index.library import Library
from index.types import Changes
from qa.engine import Engine

TEXTS = {
    "one": "The theremin was invented in 1920 and is played without being touched at all.",
    "two": "Rice was sent to the islands in tens of thousands of tonnes by the neighbours.",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "docs", **TEXTS)


@pytest.fixture
def engine(tmp_path: Path, make_engine: MakeEngine, tiny_model: Path, folder: Path) -> Engine:
    made = make_engine(tmp_path / "library", model=str(tiny_model))
    add(made, folder)
    return made


@pytest.fixture
def path(tmp_path: Path, engine: Engine) -> Path:
    return tmp_path / "library"


def quotes(engine: Engine, question: str = "theremin rice") -> list[str]:
    return [found.citation.quote for found in engine.ask(question).passages]


def passage_ids(path: Path) -> list[int]:
    opened = Library.open(path)
    with opened.catalog.snapshot() as connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM passages ORDER BY id")]
    opened.close()
    return ids


def test_each_commit_is_a_generation_and_only_the_newest_is_kept(
    engine: Engine, path: Path, folder: Path
) -> None:
    assert derived.generations(path) == [1]
    write(folder, three="A third text, about bridges and rivers.")
    add(engine, folder)
    assert derived.generations(path) == [2]
    assert engine.status().generation == 2


def test_a_sync_that_changes_nothing_makes_no_generation(engine: Engine, folder: Path) -> None:
    add(engine, folder)
    assert engine.status().generation == 1


def test_a_failed_file_alone_makes_no_generation(engine: Engine, folder: Path) -> None:
    write(folder, empty="")
    add(engine, folder)
    assert engine.status().generation == 1
    assert engine.status().failures == 1


def test_ids_are_never_used_again(engine: Engine, path: Path, folder: Path) -> None:
    before = passage_ids(path)
    engine.remove([folder])
    add(engine, folder)
    assert min(passage_ids(path)) > max(before)


def test_a_commit_that_fails_half_way_leaves_nothing(
    engine: Engine, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = passage_ids(path)
    ids = [document.id for document in engine.documents()]
    monkeypatch.setattr(changes, "_move", lambda *_: 1 / 0)
    with library.write(path) as writer, pytest.raises(ZeroDivisionError):
        writer.commit(Changes(removed=tuple(ids)))
    assert passage_ids(path) == before
    assert engine.status().generation == 1
    assert quotes(engine)


def test_a_reader_keeps_its_snapshot_while_a_writer_commits(
    engine: Engine, path: Path, folder: Path
) -> None:
    opened = Library.open(path)
    snapshot = opened.snapshot()
    write(folder, three="A third text, about bridges and rivers.")
    add(engine, folder)
    assert snapshot.generation == 1
    assert len(snapshot.vectors) == len(snapshot.lexical) == len(TEXTS)
    opened.close()


def test_a_reader_takes_the_last_generation_while_the_next_is_being_published(
    engine: Engine, path: Path
) -> None:
    engine.close()
    with library.write(path) as writer:
        with writer.catalog.transaction() as connection:  # as after a commit, before the rename
            library.put(connection, "generation", "2")
        opened = Library.open(path)
        assert opened.snapshot().generation == 1
        opened.close()


def test_what_is_derived_is_rebuilt_from_the_catalog(engine: Engine, path: Path) -> None:
    before = engine.ask("theremin")
    engine.close()
    shutil.rmtree(path / "derived")
    assert engine.ask("theremin") == before


def test_there_is_nothing_to_read_while_the_first_generation_is_being_written(
    engine: Engine, path: Path
) -> None:
    engine.close()
    shutil.rmtree(path / "derived")
    with library.write(path), pytest.raises(LibraryLocked, match="process"):
        engine.ask("theremin")


def test_one_process_writes_at_a_time(engine: Engine, path: Path) -> None:
    with library.write(path), pytest.raises(LibraryLocked, match=r"process \d+ on "):
        engine.remove([path])


def test_a_library_whose_documents_were_all_removed_is_empty(engine: Engine, folder: Path) -> None:
    engine.remove([folder])
    with pytest.raises(LibraryEmpty):
        engine.ask("theremin")


def test_a_library_with_nothing_but_failures_is_empty(
    tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, write(tmp_path / "docs", empty=""))
    assert engine.status().failures == 1
    with pytest.raises(LibraryEmpty):
        engine.ask("theremin")


def test_a_library_may_be_moved_to_another_folder(
    engine: Engine, path: Path, make_engine: MakeEngine, tmp_path: Path
) -> None:
    before = quotes(engine)
    engine.close()
    path.rename(tmp_path / "elsewhere")
    assert quotes(make_engine(tmp_path / "elsewhere")) == before
