"""`qa watch` and `qa serve --watch`: the library follows the folder."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import MakeEngine, RunQa, add, qa_command, qa_environment, write
from generated import text

from qa.engine import Engine
from qa.watch import _matters

PATIENCE_SECONDS = 20
"""Much longer than the two seconds a change should take: the machine may be busy."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "folder", one=text(1, 1), two=text(1, 2))


@pytest.fixture
def reader(library: Path, folder: Path, make_engine: MakeEngine, tiny_model: Path) -> Engine:
    """An engine that looks at the library from outside."""
    engine = make_engine(library, model=str(tiny_model))
    add(engine, folder)
    return engine


@contextmanager
def watching(library: Path, cache: Path, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        qa_command(*arguments),
        stderr=subprocess.PIPE,
        text=True,
        env=qa_environment(library, cache),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def eventually(holds: Callable[[], bool]) -> bool:
    for _ in range(PATIENCE_SECONDS * 20):
        if holds():
            return True
        time.sleep(0.05)
    return False


def paths(engine: Engine) -> list[str]:
    return [document.path.name for document in engine.documents()]


def held_texts(engine: Engine) -> set[str]:
    return {engine.text(document.id) for document in engine.documents()}


@pytest.mark.slow
def test_changes_of_every_kind_are_followed(
    reader: Engine, library: Path, folder: Path, cache: Path
) -> None:
    with watching(library, cache, "watch", folder) as process:
        write(folder, three=text(1, 3))
        assert eventually(lambda: paths(reader) == ["one.txt", "three.txt", "two.txt"])
        aside = folder / ".one.txt.swp"
        aside.write_text(text(1, 4))
        aside.replace(folder / "one.txt")  # as editors save
        assert eventually(lambda: text(1, 4) in held_texts(reader))
        (folder / "two.txt").rename(folder / "second.txt")
        assert eventually(lambda: paths(reader) == ["one.txt", "second.txt", "three.txt"])
        (folder / "three.txt").unlink()
        assert eventually(lambda: paths(reader) == ["one.txt", "second.txt"])
        below = folder / "new" / "below"
        below.mkdir(parents=True)
        write(below, four=text(1, 5))
        assert eventually(lambda: paths(reader) == ["four.txt", "one.txt", "second.txt"])
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == 0
        assert process.stderr
        assert "Traceback" not in process.stderr.read()


@pytest.mark.slow
def test_a_file_named_outright_is_followed_through_a_save_by_rename(
    reader: Engine, library: Path, folder: Path, cache: Path
) -> None:
    with watching(library, cache, "watch", folder / "one.txt"):
        time.sleep(1)
        for seed in (4, 5):
            (folder / "one.txt~").write_text(text(1, seed))
            (folder / "one.txt~").replace(folder / "one.txt")
            assert eventually(lambda seed=seed: text(1, seed) in held_texts(reader))


@pytest.mark.slow
def test_a_bad_file_is_told_of_and_watching_goes_on(
    reader: Engine, library: Path, folder: Path, cache: Path
) -> None:
    with watching(library, cache, "watch", folder):
        (folder / "bad.txt").write_bytes(bytes(range(256)))
        assert eventually(lambda: [f.path.name for f in reader.failures()] == ["bad.txt"])
        (folder / "bad.txt").write_text(text(1, 6))
        assert eventually(lambda: not reader.failures())
        assert "bad.txt" in paths(reader)


@pytest.mark.slow
def test_the_service_can_watch(reader: Engine, library: Path, folder: Path, cache: Path) -> None:
    with watching(library, cache, "serve", "--port", "0", "--watch", folder) as process:
        write(folder, three=text(1, 3))
        assert eventually(lambda: "three.txt" in paths(reader))
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_a_folder_that_is_not_there_is_refused(run_qa: RunQa, tmp_path: Path) -> None:
    result = run_qa("watch", tmp_path / "nowhere")
    assert result.returncode == 10
    assert "Check the spelling" in result.stderr


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("/root/a.txt", True),
        ("/root/below/a.txt", True),
        ("/root/.hidden/a.txt", False),
        ("/root/.a.txt.swp", False),
        ("/root/below/.gitignore", True),
        ("/root/library/catalog.sqlite", False),
        ("/file.md", True),
        ("/file.md.meta.yaml", True),
        ("/other.md", False),
    ],
)
def test_only_what_a_sync_would_see_starts_one(path: str, matters: bool) -> None:
    roots = [Path("/root"), Path("/file.md")]
    assert _matters(Path(path), roots, Path("/root/library")) is matters


def test_nothing_is_imported_for_watching_until_it_is_asked_for() -> None:
    code = "import sys, qa.cli; sys.exit('watchfiles' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
