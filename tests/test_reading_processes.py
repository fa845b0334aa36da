"""Files are read in processes of their own: what harms one of these harms one file."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import PROJECT
from harmful_readers import read_file, read_unguarded
from processes import group_lives, in_a_group, wait_until

from index.readers import Reading
from index.reading import READ_AHEAD, reading
from index.types import Failure, SourceFile, SourceText

pytestmark = pytest.mark.slow

SECONDS = 3.0
"""That a file may take here."""

MEMORY = 2**29

HARMFUL = ("allocate", "recurse", "crash", "abort", "kill", "leave", "sleep 1000", "backtrack")
"""What files make the reader do, see `harmful_readers`."""


def sources(folder: Path, *told: str) -> list[SourceFile]:
    """Files that tell the harmful reader what to do, in this order."""
    folder.mkdir(parents=True, exist_ok=True)
    return [source(folder / f"{n:03}-{what.split()[0]}.harm", what) for n, what in enumerate(told)]


def source(path: Path, words: str) -> SourceFile:
    path.write_text(words)
    return SourceFile(path, hashlib.sha256(words.encode()).hexdigest())


def texts(readings: Iterable[list[Reading]]) -> list[str]:
    """What each file says, or the code of its failure."""
    found = (one.content for [one] in readings)
    return [content.code if isinstance(content, Failure) else content.text for content in found]


@pytest.fixture(scope="module")
def after_harm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Reading]]:
    """What became of the harmful files, each between two good ones, by what they did."""
    told = [each for what in HARMFUL for each in (f"before {what}", what)]
    asked = sources(tmp_path_factory.mktemp("harm"), *told, "last")
    began = time.monotonic()
    with reading(read_file, SECONDS, MEMORY) as reader:
        found = [one for [one] in reader.read(asked)]
    assert time.monotonic() - began < 10 * SECONDS
    yield dict(zip([*told, "last"], found, strict=True))
    assert [one.source for one in found] == asked


@pytest.mark.parametrize("what", HARMFUL)
def test_a_file_that_harms_its_reader_fails(what: str, after_harm: dict[str, Reading]) -> None:
    failure = after_harm[what].content
    assert isinstance(failure, Failure)
    assert failure.code == "limit-exceeded"
    assert failure.path == after_harm[what].source.path
    assert str(failure.path) in failure.message
    slow = what in {"sleep 1000", "backtrack", "leave"}
    assert ("3 seconds" if slow else "memory") in failure.message
    assert failure.remedy


@pytest.mark.parametrize("what", [*HARMFUL, "last"])
def test_the_files_before_and_after_it_are_read(what: str, after_harm: dict[str, Reading]) -> None:
    good = "last" if what == "last" else f"before {what}"
    content = after_harm[good].content
    assert isinstance(content, SourceText)
    assert content.text == good


def test_memory_that_ends_beside_a_reader_is_a_failure_of_the_file_too(tmp_path: Path) -> None:
    asked = sources(tmp_path, "one", "allocate", "two")
    with reading(read_unguarded, memory=MEMORY) as reader:
        assert texts(reader.read(asked)) == ["one", "limit-exceeded", "two"]


def test_results_come_in_the_order_asked_whatever_each_takes(tmp_path: Path) -> None:
    chance = random.Random(7)
    told = [f"sleep {chance.random() / 20:.3f}" for _ in range(3 * READ_AHEAD)]
    with reading(read_file) as reader:
        assert texts(reader.read(sources(tmp_path, *told))) == told


def test_a_file_that_takes_its_time_does_not_keep_others_from_being_read(tmp_path: Path) -> None:
    asked = sources(tmp_path, "sleep 2", *["quick"] * 8)
    with reading(read_file) as reader:
        results = reader.read(asked)
        next(results)
        began = time.monotonic()
        assert texts(results) == ["quick"] * 8
        assert time.monotonic() - began < 0.5


def test_reading_goes_ahead_and_no_further_than_it_may(tmp_path: Path) -> None:
    handed = 0

    def handing() -> Iterator[SourceFile]:
        nonlocal handed
        for each in sources(tmp_path, *["quick"] * 4 * READ_AHEAD):
            handed += 1
            yield each

    with reading(read_file) as reader:
        for taken, _ in enumerate(reader.read(handing()), 1):
            assert handed <= taken + READ_AHEAD
        assert taken == handed == 4 * READ_AHEAD


def test_what_readers_print_reaches_nobody(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with reading(read_file) as reader:
        assert texts(reader.read(sources(tmp_path, "print", "abort"))) == [
            "print",
            "limit-exceeded",
        ]
    assert capfd.readouterr() == ("", "")


def test_workers_end_with_the_block(tmp_path: Path) -> None:
    with reading(read_file) as reader:
        list(reader.read(sources(tmp_path, "one", "two")))
        assert workers()
    assert not workers()


def test_workers_that_die_between_files_are_replaced(tmp_path: Path) -> None:
    """As the system ends them when it is short of memory: no file is to blame."""
    asked = sources(tmp_path, *["good"] * 60)
    taken = 0
    with reading(read_file) as reader:
        for taken, [one] in enumerate(reader.read(asked), 1):
            assert one.source == asked[taken - 1]
            assert isinstance(one.content, SourceText)
            if taken in {1, 30}:
                time.sleep(0.3)  # what is read ahead is read, and the workers have nothing to do
                for worker in workers():
                    os.kill(worker, signal.SIGKILL)
                time.sleep(0.3)
    assert taken == len(asked)


def test_who_waits_for_a_file_is_let_go_when_the_reader_closes(tmp_path: Path) -> None:
    """As on Ctrl-C: another thread waits for the next file while this one ends the block."""
    asked = sources(tmp_path, *["sleep 1000"] * 3)
    with ThreadPoolExecutor(1) as thread:
        with reading(read_file) as reader:
            waiting = thread.submit(next, reader.read(asked))
            wait_until(lambda: asked[0].path.with_suffix(".pid").exists())
            began = time.monotonic()
        with pytest.raises(CancelledError):
            waiting.result(timeout=10)
    assert time.monotonic() - began < 5


READ_IN_A_PROCESS = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import harmful_readers
from index.reading import reading
from index.types import SourceFile
if __name__ == "__main__":
    sources = [SourceFile(Path(path), sha256) for path, sha256 in {sources!r}]
    with reading(harmful_readers.read_file, {seconds}) as reader:
        for _ in reader.read(sources):
            pass
        print("done", flush=True)
        sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (["one", "two"], 60),
        (["sleep 1000", "sleep 1000"], 60),
        (["backtrack", "backtrack"], 1),
    ],
)
def test_no_worker_outlives_a_killed_parent(told: list[str], seconds: int, tmp_path: Path) -> None:
    asked = sources(tmp_path / "files", *told)
    named = [(str(each.path), each.sha256) for each in asked]
    script = tmp_path / "script.py"
    tests = str(Path(__file__).parent)
    script.write_text(READ_IN_A_PROCESS.format(tests=tests, sources=named, seconds=seconds))
    with in_a_group([sys.executable, script], cwd=PROJECT, stdin=subprocess.PIPE) as process:
        pids = [each.path.with_suffix(".pid") for each in asked]
        wait_until(lambda: all(pid.exists() for pid in pids))
        process.kill()
        process.wait()
        wait_until(lambda: not group_lives(process.pid), seconds=15)


def workers() -> list[int]:
    """Processes of the test's own that read files."""
    return [child.pid for child in multiprocessing.active_children() if child.pid]
