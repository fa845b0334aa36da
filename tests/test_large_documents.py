"""Documents of many passages are embedded in parts: the same library, and no part embedded twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from conftest import MakeEngine, add
from consistency import check_catalog, check_indexes, held
from generated import paragraphs, text

from index import batches
from index.sync import Progress
from index.types import SyncReport
from qa.engine import Engine

SMALL = 4
"""Passages of a batch in these tests; of a larger document twice as many are held in memory."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A large document among small ones; one of its paragraphs comes three times."""
    made = tmp_path / "folder"
    made.mkdir()
    many = paragraphs(50, seed=1)
    many[20] = many[40] = many[0]
    (made / "large.txt").write_text("\n\n".join(many) + "\n")
    (made / "a-small.txt").write_text(text(2, seed=2))
    (made / "z-small.txt").write_text(text(2, seed=3))
    return made


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_PASSAGES", SMALL)


def make(make_engine: MakeEngine, library: Path, tiny_model: Path) -> Engine:
    return make_engine(library, model=str(tiny_model))


def rows(library: Path, select: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection:
        return connection.execute(select).fetchall()


def spare(library: Path) -> int:
    """Vectors that wait for their document."""
    return len(rows(library, "SELECT digest FROM spare_vectors"))


def check_equal(one: Path, other: Path) -> None:
    """The same documents, passages and vectors; these but for the order of additions in them."""
    assert held(one) == held(other)
    select = (
        "SELECT path, start, locator, sentences, terms, hashes, digest, vectors FROM passages "
        "JOIN documents ON documents.id = document_id ORDER BY path, start"
    )
    for (*known, vectors), (*others, other_vectors) in zip(
        rows(one, select), rows(other, select), strict=True
    ):
        assert known == others
        first, second = (np.frombuffer(blob, "<f2") for blob in (vectors, other_vectors))  # type: ignore[call-overload]
        assert np.allclose(first, second, atol=2e-3)


def interrupted(engine: Engine, folder: Path, after: int) -> None:
    """A sync that is stopped once so many passages are on disk."""

    def stop(progress: Progress) -> None:
        if progress.passages >= after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.add([folder], stop)


def test_a_document_embedded_in_parts_is_as_one_embedded_at_once(
    folder: Path,
    tmp_path: Path,
    make_engine: MakeEngine,
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reports: list[SyncReport] = []
    for size, library in ((SMALL, "parts"), (100_000, "whole")):
        monkeypatch.setattr(batches, "BATCH_PASSAGES", size)
        reports.append(add(make(make_engine, tmp_path / library, tiny_model), folder))
        assert spare(tmp_path / library) == 0
        check_catalog(tmp_path / library)
        check_indexes(tmp_path / library)
    assert [(one.passages, one.embedded) for one in reports] == [(54, 52), (54, 52)]
    check_equal(tmp_path / "parts", tmp_path / "whole")


def test_each_part_is_told_of(
    folder: Path, tmp_path: Path, make_engine: MakeEngine, tiny_model: Path, in_parts: None
) -> None:
    heard: list[Progress] = []
    engine = make(make_engine, tmp_path / "library", tiny_model)
    engine.add([folder], heard.append)
    counts = [progress.passages for progress in heard]
    assert counts[0] == 0
    assert len(set(counts)) > 5
    assert (heard[-1].files_done, heard[-1].files_total, heard[-1].passages) == (3, 3, 54)


@pytest.mark.parametrize("after", [1, 10, 20, 47])
def test_after_an_interruption_only_the_rest_is_embedded(
    after: int,
    folder: Path,
    tmp_path: Path,
    make_engine: MakeEngine,
    tiny_model: Path,
    in_parts: None,
) -> None:
    library = tmp_path / "library"
    engine = make(make_engine, library, tiny_model)
    interrupted(engine, folder, after)
    stored = len(rows(library, "SELECT id FROM passages"))
    done = len(rows(library, "SELECT digest FROM passages UNION SELECT digest FROM spare_vectors"))
    assert done >= after
    assert stored + spare(library) == done
    assert done < 52 or stored < 54
    report = add(engine, folder)
    assert report.embedded == 52 - done
    assert spare(library) == 0
    check_catalog(library)
    check_indexes(library)
    afresh = make(make_engine, tmp_path / "afresh", tiny_model)
    add(afresh, folder)
    check_equal(library, tmp_path / "afresh")


def test_an_interruption_leaves_what_was_there_as_it_was(
    folder: Path, tmp_path: Path, make_engine: MakeEngine, tiny_model: Path, in_parts: None
) -> None:
    library = tmp_path / "library"
    engine = make(make_engine, library, tiny_model)
    add(engine, folder)
    before = held(library)
    (folder / "large.txt").write_text(text(40, seed=9))
    interrupted(engine, folder, 10)
    assert held(library) == before
    check_indexes(library)
    assert (
        engine.ask(paragraphs(2, seed=1)[1], 1)
        .passages[0]
        .citation.document.path.endswith("large.txt")
    )
    waiting = spare(library)
    assert waiting >= 10
    report = add(engine, folder)
    assert (report.passages, report.embedded) == (40, 40 - waiting)
    assert spare(library) == 0
    check_indexes(library)


def test_vectors_of_a_document_that_is_given_up_are_let_go(
    folder: Path, tmp_path: Path, make_engine: MakeEngine, tiny_model: Path, in_parts: None
) -> None:
    library = tmp_path / "library"
    engine = make(make_engine, library, tiny_model)
    interrupted(engine, folder, 12)
    assert spare(library) > 0
    (folder / "large.txt").unlink()
    add(engine, folder)
    assert spare(library) == 0
    assert {Path(path).name for path in held(library)} == {"a-small.txt", "z-small.txt"}
    check_indexes(library)


def test_what_only_the_end_of_a_large_document_changed_is_embedded(
    folder: Path, tmp_path: Path, make_engine: MakeEngine, tiny_model: Path, in_parts: None
) -> None:
    library = tmp_path / "library"
    engine = make(make_engine, library, tiny_model)
    add(engine, folder)
    with (folder / "large.txt").open("a") as file:
        file.write("\n" + text(9, seed=8))
    report = add(engine, folder)
    assert (report.passages, report.embedded) == (59, 9)
    assert spare(library) == 0
    check_indexes(library)


@pytest.mark.slow
def test_a_document_of_thousands_of_passages_is_embedded_in_parts(
    tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    """With batches of their true size."""
    part = 2 * batches.BATCH_PASSAGES
    folder, library = tmp_path / "folder", tmp_path / "library"
    folder.mkdir()
    (folder / "large.txt").write_text(text(3 * part + 100, seed=1))
    engine = make(make_engine, library, tiny_model)
    interrupted(engine, folder, 2 * part)
    assert spare(library) == 2 * part
    report = add(engine, folder)
    assert (report.passages, report.embedded) == (3 * part + 100, part + 100)
    assert spare(library) == 0
    check_catalog(library)
    check_indexes(library, every=500)
