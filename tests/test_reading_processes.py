"""Files are read in processes of their own: what harms one of these harms one file."""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import PROJECT, qa_command, qa_environment
from consistency import check_catalog, check_indexes, held
from generated import corpus
from harmful_readers import read_file, read_unguarded

from index.readers import Reading
from index.reading import READ_AHEAD, reading
from index.types import Failure, SourceFile, SourceText

SECONDS = 3.0
"""That a file may take here."""

MEMORY = 2**29

TOLD_ONCE = "Stopping after this batch; Ctrl-C again stops at once.\n"

Adding = contextlib.AbstractContextManager[subprocess.Popen[str]]

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
        pytest.param(["backtrack", "backtrack"], 1, marks=pytest.mark.slow),
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


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough for some commits. Read them; never write to them."""
    return corpus(tmp_path_factory.mktemp("corpus") / "documents", files=48, passages=64)


@pytest.fixture(scope="module")
def compiled(tiny_model: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model, prepared for this machine already."""
    folder = tmp_path_factory.mktemp("compiled")
    little = corpus(folder / "little", files=1, passages=1)
    command = qa_command("add", little, "--model", tiny_model)
    subprocess.run(command, env=qa_environment(folder / "library", cache), check=True)
    return tiny_model


@pytest.fixture
def command(documents: Path, compiled: Path, cache: Path, tmp_path: Path) -> Callable[..., Adding]:
    """`qa add` over the documents, begun in a group of its own."""

    def begin(**options: object) -> Adding:
        return in_a_group(
            qa_command("add", documents, "--model", compiled),
            env=qa_environment(tmp_path / "library", cache),
            **options,
        )

    return begin


@pytest.mark.slow
@pytest.mark.parametrize("committed", [0, 1, 2])
def test_ctrl_c_stops_after_the_batch_and_keeps_it(
    committed: int, command: Callable[..., Adding], documents: Path, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    with command() as process:
        said = [line_of(process) for _ in range(1 + committed)]
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
    check_stopped(process, stdout, "".join(said) + stderr)
    assert "after this batch" in stderr
    assert 0 < len(held(library)) < 48
    check_library(library)
    with command() as process:
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert set(held(library)) == {str(file) for file in documents.iterdir()}
    check_library(library)


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0, 0.05, 0.2, 0.5])
def test_ctrl_c_twice_stops_at_once(
    wait: float, command: Callable[..., Adding], tmp_path: Path
) -> None:
    with command() as process:
        said = line_of(process)
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGINT)
        said += "".join(iter(lambda: line_of(process), TOLD_ONCE))
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
    check_stopped(process, stdout, said + stderr)
    check_library(tmp_path / "library")


@pytest.mark.slow
def test_ctrl_c_twice_does_not_wait_for_a_file_that_is_being_read(
    compiled: Path, cache: Path, tmp_path: Path
) -> None:
    """A page of so many elements takes its reader a while."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.html").write_text("<p>Ab <b>ba</b> al.</p>\n" * 400_000)
    adding = qa_command("add", folder, "--model", compiled)
    with in_a_group(adding, env=qa_environment(tmp_path / "library", cache)) as process:
        said = line_of(process)
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        said += line_of(process)
        os.killpg(process.pid, signal.SIGINT)
        began = time.monotonic()
        stdout, stderr = process.communicate(timeout=30)
    assert time.monotonic() - began < 8
    check_stopped(process, stdout, said + stderr)


def test_what_stands_on_standard_input_is_left_to_others(
    command: Callable[..., Adding], tmp_path: Path
) -> None:
    (tmp_path / "typed").write_text("for the next command")
    with (tmp_path / "typed").open() as typed, command(stdin=typed) as process:
        process.communicate(timeout=60)
        assert os.lseek(typed.fileno(), 0, os.SEEK_CUR) == 0
    assert process.returncode == 0


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line on stderr."""
    assert process.stderr
    return process.stderr.readline()


def check_stopped(process: subprocess.Popen[str], stdout: str, stderr: str) -> None:
    """What Ctrl-C leaves: a hint, the status of shells, no process and no traceback."""
    assert process.returncode == 130, stderr
    assert stdout == ""
    assert "run the command again" in stderr
    for line in stderr.splitlines():
        assert line.startswith(
            ("indexed ", "Stopping after ", "What was committed ", "qa: stopped")
        )
    wait_until(lambda: not group_lives(process.pid), seconds=5)


def check_library(library: Path) -> None:
    """All that is there is whole."""
    check_catalog(library)
    if held(library):
        check_indexes(library, every=500)


def workers() -> list[int]:
    """Processes of the test's own that read files."""
    return [child.pid for child in multiprocessing.active_children() if child.pid]


def wait_until(come: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < end
        time.sleep(0.02)


def group_lives(group: int) -> bool:
    """Whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def in_a_group(command: list[str | Path], **options: object) -> Iterator[subprocess.Popen[str]]:
    """A process in a group of its own, as a terminal starts it; nothing of it is left behind."""
    process = subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,  # type: ignore[call-overload]
    )
    try:
        with process:
            yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
