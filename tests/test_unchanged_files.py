"""Files that look as they did when they were hashed are not hashed again, and only those."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import MakeEngine, add, names, qa_command, qa_environment
from consistency import held
from generated import text
from permissions import held_back

from index import scan as scanning
from index.catalog import Catalog
from index.records import file_states
from index.scan import SETTLED_NS, hash_file, scan
from index.types import FileState
from qa.engine import Engine

LATER_NS = 10 * SETTLED_NS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    (made / "below").mkdir(parents=True)
    for seed, name in enumerate(("one.txt", "two.txt", "below/three.txt")):
        (made / name).write_text(text(1, seed))
    return made


@pytest.fixture
def engine(library: Path, folder: Path, make_engine: MakeEngine, tiny_model: Path) -> Engine:
    """An engine whose library is in step with the folder, and knows its files since long."""
    made = make_engine(library, model=str(tiny_model))
    assert len(add(made, folder).added) == 3
    let_settle(library)
    return made


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of files that are hashed from now on."""
    done: list[str] = []

    def noted(path: Path) -> FileState:
        done.append(path.name)
        return hash_file(path)

    monkeypatch.setattr(scanning, "hash_file", noted)
    return done


def let_settle(library: Path) -> None:
    """As if all files had been hashed long after they were written."""
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection, connection:
        connection.execute("UPDATE files SET hashed_ns = hashed_ns + ?", (LATER_NS,))


def states(library: Path) -> dict[str, FileState]:
    with closing(Catalog.open(library)) as catalog, catalog.snapshot() as connection:
        return {Path(path).name: state for path, state in file_states(connection).items()}


def test_settled_files_are_not_hashed_again(
    engine: Engine, folder: Path, hashed: list[str]
) -> None:
    for _ in range(2):
        assert len(add(engine, folder).unchanged) == 3
        assert hashed == []
    (folder / "two.txt").write_text(text(1, 7))
    (folder / "four.txt").write_text(text(1, 8))
    report = add(engine, folder)
    assert (names(report.changed), names(report.added)) == (["two.txt"], ["four.txt"])
    assert sorted(hashed) == ["four.txt", "two.txt"]


def test_settled_files_are_known_however_they_are_reached(
    engine: Engine, folder: Path, tmp_path: Path, hashed: list[str]
) -> None:
    (tmp_path / "link").symlink_to(folder)
    (folder / "again").symlink_to("below")
    add(engine, folder / "one.txt")
    add(engine, tmp_path / "link", folder / "below")
    assert hashed == []


def test_a_file_hashed_right_after_it_was_written_is_hashed_once_more(
    folder: Path, library: Path, make_engine: MakeEngine, tiny_model: Path, hashed: list[str]
) -> None:
    """It may have changed within the same tick of its time stamp."""
    engine = make_engine(library, model=str(tiny_model))
    add(engine, folder)
    hashed.clear()
    add(engine, folder)
    assert len(hashed) == 3
    time.sleep(SETTLED_NS / 1e9 + 0.05)
    add(engine, folder)
    hashed.clear()
    assert len(add(engine, folder).unchanged) == 3
    assert hashed == []


Change = Callable[[Path], None]


def with_times_restored(file: Path, change: Change) -> None:
    before = file.stat()
    change(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = file.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def overwritten(file: Path) -> None:
    file.write_text(text(1, 0)[::-1])


def replaced(file: Path) -> None:
    file.with_name("aside").write_text(text(1, 0)[::-1])
    shutil.copystat(file, file.with_name("aside"))
    file.with_name("aside").replace(file)


def a_character_changed(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(10)
        opened.write(b"Z")


def mapped(file: Path) -> None:
    import mmap

    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 0) as memory:
        memory[20:21] = b"Y"


@pytest.mark.parametrize("change", [overwritten, replaced, a_character_changed, mapped])
def test_a_file_made_to_look_unchanged_is_noticed(
    change: Change, engine: Engine, folder: Path, hashed: list[str]
) -> None:
    file = folder / "one.txt"
    with_times_restored(file, change)
    assert names(add(engine, folder).changed) == ["one.txt"]
    assert hashed == ["one.txt"]
    assert held(engine.library)[str(file)][1][0][2] == file.read_text().strip()


def test_a_file_changed_within_the_tick_it_was_hashed_in_is_noticed(tmp_path: Path) -> None:
    """As on a file system whose time stamps are coarse: nothing but the content differs."""
    file = tmp_path / "one.txt"
    file.write_text("Rice.")
    state = hash_file(file)
    stale = replace(state, sha256="of what it held before")
    [found] = scan([file], lambda _: True, {str(file): stale}).files
    assert found.sha256 == state.sha256
    settled = replace(stale, hashed_ns=stale.hashed_ns + LATER_NS)
    [found] = scan([file], lambda _: True, {str(file): settled}).files
    assert found.sha256 == stale.sha256


@pytest.mark.parametrize("moment", [-LATER_NS, -1, 0, SETTLED_NS - 1, SETTLED_NS])
def test_only_what_was_hashed_long_after_its_last_change_is_believed(
    moment: int, tmp_path: Path
) -> None:
    file = tmp_path / "one.txt"
    file.write_text("Rice.")
    state = hash_file(file)
    early = replace(state, hashed_ns=max(state.mtime_ns, state.ctime_ns) + moment)
    assert scan([file], lambda _: True, {str(file): early}).states.keys() == {file}
    late = replace(early, hashed_ns=max(state.mtime_ns, state.ctime_ns) + SETTLED_NS + 1)
    assert scan([file], lambda _: True, {str(file): late}).states == {}
    os.utime(file, (time.time() + 10**6,) * 2)  # of the future
    assert len(scan([file], lambda _: True, {str(file): hash_file(file)}).states) == 1


def test_a_file_nobody_may_read_any_more_is_noticed(
    engine: Engine, folder: Path, library: Path, cache: Path
) -> None:
    file = folder / "one.txt"
    file.chmod(0)
    add_it = held_back(qa_command("add", folder))
    environment = qa_environment(library, cache)
    told = subprocess.run(add_it, capture_output=True, text=True, env=environment, check=False)
    assert f"{file}: the system refuses to read it" in told.stderr
    assert "2 unchanged, 1 failed" in told.stdout
    assert str(file) in held(library)  # what was read of it stays
    file.chmod(stat.S_IRUSR)
    told = subprocess.run(add_it, capture_output=True, text=True, env=environment, check=False)
    assert (told.stdout, told.stderr, told.returncode) == ("3 unchanged\n", "", 0)


def test_a_moved_file_is_hashed_once_in_its_new_place(
    engine: Engine, library: Path, folder: Path, hashed: list[str]
) -> None:
    (folder / "one.txt").rename(folder / "below" / "first.txt")
    assert len(add(engine, folder).moved) == 1
    assert hashed == ["first.txt"]
    assert set(states(library)) == {"first.txt", "two.txt", "three.txt"}
    let_settle(library)
    assert len(add(engine, folder).unchanged) == 3
    assert hashed == ["first.txt"]


def test_files_that_swap_names_are_hashed_again(
    engine: Engine, folder: Path, hashed: list[str]
) -> None:
    """Though both were seen before, and have the same size."""
    one, two = folder / "one.txt", folder / "two.txt"
    two.write_text(text(1, 0)[::-1])
    add(engine, folder)
    let_settle(engine.library)
    hashed.clear()
    one.rename(folder / "aside")
    two.rename(one)
    (folder / "aside").rename(two)
    assert sorted(add(engine, folder).moved) == [(one, two), (two, one)]
    assert sorted(hashed) == ["one.txt", "two.txt"]


def test_what_is_known_of_files_goes_with_them(
    engine: Engine, library: Path, folder: Path, tmp_path: Path
) -> None:
    assert set(states(library)) == {"one.txt", "two.txt", "three.txt"}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "other.txt").write_text(text(1, 5))
    (elsewhere / "broken.pdf").write_bytes(b"none")
    add(engine, elsewhere)
    (folder / "one.txt").unlink()
    (folder / ".gitignore").write_text("two.txt\n")
    add(engine, folder)
    assert set(states(library)) == {"three.txt", "other.txt", "broken.pdf"}
    (elsewhere / "broken.pdf").unlink()
    add(engine, elsewhere)
    assert set(states(library)) == {"three.txt", "other.txt"}
    engine.remove([folder])
    assert set(states(library)) == {"other.txt"}


def test_a_file_that_comes_back_changed_is_read_anew(engine: Engine, folder: Path) -> None:
    file, aside = folder / "one.txt", folder.parent / "aside"
    file.rename(aside)
    add(engine, folder)
    a_character_changed(aside)
    aside.rename(file)
    report = add(engine, folder)
    assert (names(report.added), report.embedded) == (["one.txt"], 1)


def test_a_touched_file_is_hashed_once(engine: Engine, folder: Path, hashed: list[str]) -> None:
    os.utime(folder / "one.txt", (0, 0))
    assert (len(add(engine, folder).unchanged), hashed) == (3, ["one.txt"])
    let_settle(engine.library)
    assert (len(add(engine, folder).unchanged), hashed) == (3, ["one.txt"])


def test_a_failed_file_is_not_hashed_again(
    engine: Engine, library: Path, folder: Path, hashed: list[str]
) -> None:
    (folder / "broken.pdf").write_bytes(b"none")
    add(engine, folder)
    let_settle(library)
    hashed.clear()
    assert names([failure.path for failure in add(engine, folder).failed]) == ["broken.pdf"]
    assert hashed == []
    with_times_restored(folder / "broken.pdf", lambda file: file.write_bytes(b"NONE") and None)
    assert names([failure.path for failure in add(engine, folder).failed]) == ["broken.pdf"]
    assert hashed == ["broken.pdf"]


def test_a_dry_run_remembers_nothing(engine: Engine, library: Path, folder: Path) -> None:
    from index.sync import Options

    before = states(library)
    os.utime(folder / "one.txt", (0, 0))
    engine.add([folder], lambda _: None, Options(dry_run=True))
    assert states(library) == before
