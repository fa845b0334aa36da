"""A library written to a file and made again from it; broken files leave nothing behind."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import threading
import time
import zipfile
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from conftest import MakeEngine, RunQa, add, qa_command, qa_environment, write
from consistency import check_catalog, check_indexes, held
from generated import corpus, text

from index import library, packing
from index.archive import ASIDE, export, restore
from index.doctor import examine
from index.errors import (
    ArchiveInvalid,
    LibraryError,
    LibraryExists,
    LibraryLocked,
    LibraryMissing,
    LibraryUnsound,
    NotALibrary,
)
from index.types import Metadata
from qa.engine import Engine
from qa.settings import Settings

QUESTION = "ab ba al la"
EXISTS, INVALID, REFUSED = 28, 29, 26


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("archive") / "documents", files=4, passages=5)


@pytest.fixture(scope="module")
def original(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path, documents: Path
) -> Path:
    """A library; nothing writes to it."""
    path = tmp_path_factory.mktemp("archive") / "library"
    settings = Settings(library=path, cache=cache, device="cpu", model=str(tiny_model))
    with closing(Engine(settings)) as engine:
        add(engine, documents)
        engine.edit(documents / "002.txt", Metadata(author="Ana"))
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, original: Path) -> Path:
    file = tmp_path_factory.mktemp("archive") / "library.zip"
    export(original, file)
    return file


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a library is to be made."""
    return tmp_path / "place"


def test_what_comes_back_is_the_library_as_it_was(
    original: Path, archive: Path, place: Path, make_engine: MakeEngine
) -> None:
    before, after = make_engine(original), make_engine(place)
    manifest = after.restore(archive)
    assert (manifest.documents, manifest.passages) == (4, 20)
    assert held(place) == held(original)
    assert after.documents() == before.documents()  # numbers and edits too
    assert after.ask(QUESTION) == before.ask(QUESTION)
    check_catalog(place)
    check_indexes(place)
    assert examine(place).sound
    after.close()
    assert sorted(entry.name for entry in place.iterdir()) == [
        "catalog.sqlite",
        "derived",
        "lock",
        "lock.owner",
    ]


def test_a_library_made_from_an_archive_goes_on_like_any_other(
    tmp_path: Path, place: Path, documents: Path, tiny_model: Path, make_engine: MakeEngine
) -> None:
    first = make_engine(tmp_path / "library", model=str(tiny_model))
    add(first, documents)
    first.remove([documents / "001.txt", documents / "003.txt"])
    first.export(tmp_path / "file")
    second = make_engine(place, model=str(tiny_model))
    second.restore(tmp_path / "file")
    assert second.documents() == first.documents()
    for engine in (first, second):
        report = add(engine, documents)
        assert report.added == [documents / "001.txt", documents / "003.txt"]
        assert len(report.unchanged) == 2
    assert second.documents() == first.documents()  # numbers of removed ones are not used again
    check_indexes(place)


def test_a_library_without_documents_can_be_taken_along(
    tmp_path: Path, place: Path, tiny_model: Path, make_engine: MakeEngine
) -> None:
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, write(tmp_path / "documents", empty=""))
    engine.export(tmp_path / "archive")
    make_engine(place).restore(tmp_path / "archive")
    assert make_engine(place).failures() == engine.failures()
    assert examine(place).sound


def test_nothing_of_what_was_removed_is_in_an_archive(
    original: Path, tmp_path: Path, documents: Path, make_engine: MakeEngine
) -> None:
    shutil.copytree(original, tmp_path / "library")
    engine = make_engine(tmp_path / "library")
    engine.remove([documents / "001.txt"])
    engine.export(tmp_path / "file")
    _, catalog = contents(tmp_path / "file")
    assert (documents / "000.txt").read_bytes()[200:260] in catalog
    assert (documents / "001.txt").read_bytes()[200:260] not in catalog


def test_an_existing_file_is_not_overwritten(original: Path, tmp_path: Path) -> None:
    file = write(tmp_path, mine="precious") / "mine.txt"
    with pytest.raises(LibraryError, match="a file of that name"):
        export(original, file)
    assert file.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [file]


def test_an_archive_that_cannot_be_written_is_said_and_leaves_nothing(
    original: Path, tmp_path: Path
) -> None:
    with pytest.raises(LibraryError, match="cannot be written"):
        export(original, tmp_path / "nowhere" / "file")
    with pytest.raises(LibraryMissing):
        export(tmp_path / "none", tmp_path / "file")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_library_is_not_exported_as_if_it_could_come_back(
    original: Path, tmp_path: Path
) -> None:
    damaged = shutil.copytree(original, tmp_path / "library")
    with closing(sqlite3.connect(damaged / "catalog.sqlite")) as connection, connection:
        connection.execute("UPDATE passages SET vectors = substr(vectors, 1, 6)")
    with pytest.raises(LibraryUnsound, match="qa doctor"):
        export(damaged, tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_a_library_is_not_made_over_another_or_among_other_things(
    original: Path, archive: Path, tmp_path: Path
) -> None:
    there = shutil.copytree(original, tmp_path / "library")
    with pytest.raises(LibraryExists):
        restore(archive, there)
    assert held(there) == held(original)
    with pytest.raises(NotALibrary):
        restore(archive, write(tmp_path / "letters", letter="Dear Ana"))
    assert [file.name for file in (tmp_path / "letters").iterdir()] == ["letter.txt"]


def test_a_folder_that_another_process_is_about_to_fill_is_left_alone(
    archive: Path, place: Path
) -> None:
    place.mkdir()
    with library.locked(place), pytest.raises(LibraryLocked):
        restore(archive, place)
    assert (place / "lock").exists()


def test_an_empty_folder_will_do(original: Path, archive: Path, place: Path) -> None:
    (place / ASIDE / "derived").mkdir(parents=True)  # of an import that was killed
    restore(archive, place)
    assert held(place) == held(original)
    assert not (place / ASIDE).exists()


def check_refused(file: Path, place: Path) -> None:
    """The archive is refused, and nothing is left of the attempt."""
    with pytest.raises(ArchiveInvalid):
        restore(file, place)
    assert not place.exists()


def test_a_truncated_archive_is_refused(archive: Path, tmp_path: Path, place: Path) -> None:
    data = archive.read_bytes()
    for length in (0, 1, 100, len(data) // 2, len(data) - 100, len(data) - 1):
        (tmp_path / "file").write_bytes(data[:length])
        check_refused(tmp_path / "file", place)


def test_a_flipped_bit_is_noticed_or_changes_nothing(
    original: Path, archive: Path, tmp_path: Path, place: Path
) -> None:
    data = archive.read_bytes()
    chance = random.Random(0)
    ends = [*range(300), *range(len(data) - 300, len(data))]  # headers and directory
    for position in chance.sample(ends, 90) + chance.sample(range(len(data)), 30):
        flipped = bytearray(data)
        flipped[position] ^= 1 << chance.randrange(8)
        (tmp_path / "file").write_bytes(flipped)
        try:
            restore(tmp_path / "file", place)
        except ArchiveInvalid:
            assert not place.exists()
        else:  # a date, an attribute
            assert held(place) == held(original)
            shutil.rmtree(place)


def test_a_refusal_leaves_a_folder_as_it_was(tmp_path: Path, archive: Path, place: Path) -> None:
    place.mkdir()
    manifest = packing.Manifest(1, 0, 0, None, 10, "0" * 64)
    packed(tmp_path / "file", asdict(manifest), b"SQLite for")
    with pytest.raises(ArchiveInvalid):
        restore(tmp_path / "file", place)
    assert list(place.iterdir()) == []


def packed(file: Path, manifest: object, catalog: bytes, *more: str) -> Path:
    """An archive of whatever."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("manifest.json", json.dumps(manifest))
        made.writestr("catalog.sqlite", catalog)
        for name in more:
            made.writestr(name, b"")
    return file


def contents(archive: Path) -> tuple[dict[str, object], bytes]:
    """The manifest and the catalog of an archive."""
    with zipfile.ZipFile(archive) as opened:
        manifest = json.loads(opened.read("manifest.json"))
        return manifest, opened.read("catalog.sqlite")


def test_foreign_files_are_refused(
    archive: Path, original: Path, tmp_path: Path, place: Path
) -> None:
    manifest, catalog = contents(archive)
    file = tmp_path / "file"
    for name in ("../evil", "lock"):
        check_refused(packed(file, manifest, catalog, name), place)
    for strange in ([], None, 7, {}, {"format": 1}, manifest | {"format": "x"}):
        check_refused(packed(file, strange, catalog), place)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as other:
        other.writestr("document.xml", "<a/>")
    check_refused(file, place)
    check_refused(original / "catalog.sqlite", place)
    check_refused(original, place)
    check_refused(tmp_path / "none", place)


@pytest.mark.parametrize(
    "changed",
    [
        {"bytes": 100},
        {"bytes": -1},
        {"bytes": 10**18},
        {"bytes": 1e400},
        {"sha256": "0" * 64},
        {"generation": 99},
        {"encoder": None},
        {"encoder": {"name": "other", "dimension": 32, "checksum": "1"}},
        {"encoder": {"name": "other"}},
        {"encoder": "other"},
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    archive: Path, tmp_path: Path, place: Path, changed: dict[str, object]
) -> None:
    manifest, catalog = contents(archive)
    file = packed(tmp_path / "file", manifest | changed, catalog)
    with pytest.raises(LibraryError):  # no room on the disk is no fault of the archive's
        restore(file, place)
    assert not place.exists()


def test_a_bomb_is_not_unpacked(tmp_path: Path, place: Path) -> None:
    manifest = packing.Manifest(1, 0, 0, None, 1000, "0" * 64)
    check_refused(packed(tmp_path / "file", asdict(manifest), bytes(2**26)), place)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"format": packing.FORMAT + 1}, "newer"),
        ({"schema": packing.SCHEMA_VERSION + 1}, "newer"),
        ({"schema": packing.SCHEMA_VERSION - 1}, "another version"),
        ({"segmenter": "0"}, "another version"),
    ],
)
def test_an_archive_of_another_version_is_told_from_a_broken_one(
    archive: Path, tmp_path: Path, place: Path, changed: dict[str, object], message: str
) -> None:
    manifest, catalog = contents(archive)
    with pytest.raises(ArchiveInvalid, match=message):
        restore(packed(tmp_path / "file", manifest | changed, catalog), place)
    assert not place.exists()


CATALOG_CHANGES = (
    "CREATE TRIGGER evil AFTER INSERT ON documents BEGIN DELETE FROM passages; END",
    "DROP TABLE spare_vectors",
    "DELETE FROM library",
    "UPDATE passages SET vectors = substr(vectors, 1, 6)",
    "PRAGMA user_version = 2",
)


@pytest.mark.parametrize("sql", CATALOG_CHANGES)
def test_a_catalog_that_was_tampered_with_is_refused(
    archive: Path, tmp_path: Path, place: Path, sql: str
) -> None:
    manifest, catalog = contents(archive)
    altered = tmp_path / "altered"
    altered.write_bytes(catalog)
    with closing(sqlite3.connect(altered, isolation_level=None)) as connection:
        connection.execute(sql)
    check_refused(resealed(tmp_path / "file", manifest, altered.read_bytes()), place)
    check_refused(resealed(tmp_path / "file", manifest, b"no catalog" * 100), place)


def resealed(file: Path, manifest: dict[str, object], catalog: bytes) -> Path:
    """An archive whose checksum is right for what is in it."""
    sealed = {"bytes": len(catalog), "sha256": hashlib.sha256(catalog).hexdigest()}
    return packed(file, manifest | sealed, catalog)


def test_what_is_exported_while_others_write_is_one_of_their_commits(
    tmp_path: Path, tiny_model: Path, make_engine: MakeEngine
) -> None:
    folder = write(tmp_path / "documents", first=text(1))
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, folder)

    def write_on() -> None:
        for number in range(60):
            engine.edit(folder / "first.txt", Metadata(title=f"Version {number}"))
            stop.wait(0.005)

    stop = threading.Event()
    thread = threading.Thread(target=write_on)
    thread.start()
    made = []
    while thread.is_alive():
        made.append(export(tmp_path / "library", tmp_path / f"{len(made)}.zip"))
    thread.join()
    assert len({manifest.generation for manifest in made}) > 3
    for number in range(0, len(made), 1 + len(made) // 5):
        place = tmp_path / f"place {number}"
        restore(tmp_path / f"{number}.zip", place)
        check_indexes(place)
        title = make_engine(place).documents()[0].metadata.title
        # The first edit is the second generation.
        assert title == f"Version {made[number].generation - 2}" or made[number].generation == 1


def test_a_killed_import_leaves_no_library_or_a_whole_one(
    tmp_path: Path, archive: Path, original: Path, cache: Path
) -> None:
    stages = (ASIDE, f"{ASIDE}/catalog.sqlite", f"{ASIDE}/derived/.making-*", "catalog.sqlite")
    for number, stage in enumerate(stages):
        place = tmp_path / str(number)
        process = subprocess.Popen(
            qa_command("import", archive), env=qa_environment(place, cache), stderr=subprocess.PIPE
        )
        with process:
            while process.poll() is None and not any(place.glob(stage)):
                time.sleep(0.0002)
            process.kill()
        if (place / "catalog.sqlite").exists():
            assert held(place) == held(original)
        else:
            with pytest.raises(LibraryMissing):
                examine(place)
            restore(archive, place)
        check_indexes(place)


def test_the_commands_say_what_they_did(
    tmp_path: Path, original: Path, archive: Path, run_qa: RunQa
) -> None:
    file = tmp_path / "library.zip"
    exported = run_qa("export", file, "--library", original)
    assert exported.returncode == 0, exported.stderr
    assert "4 documents, 20 passages" in exported.stderr
    again = run_qa("export", file, "--library", original)
    imported = run_qa("import", file)
    assert imported.returncode == 0, imported.stderr
    twice = run_qa("import", file)
    foreign = run_qa("import", original / "lock.owner", "--library", tmp_path / "other")
    refused = (again, twice, foreign)
    assert [one.returncode for one in refused] == [REFUSED, EXISTS, INVALID]
    assert not any("Traceback" in one.stderr for one in refused)
