"""`kill -9` at any moment of `qa add`: what was acknowledged stays, the rest is made up for."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from conftest import qa_command, qa_environment
from consistency import Held, check_catalog, check_indexes, held
from generated import corpus, text

pytestmark = pytest.mark.slow

FILES, PASSAGES = 48, 64
"""Six commits, of 512 passages each."""

BEFORE_FIRST_COMMIT, AFTER_IT = 2, 5
"""How many kills fall into each part of the process's life."""

QUESTION = "ab ba al la"
LOCKED = 22


@dataclass(frozen=True)
class Indexing:
    """A corpus, and what indexing it in peace gives."""

    documents: Path
    model: Path
    cache: Path
    first_commit: float
    """Seconds from the start of the process."""
    end: float
    expected: Held

    def moments(self) -> Iterator[float]:
        """Seconds to let the process live, spread over its whole life."""
        for number in range(BEFORE_FIRST_COMMIT):
            yield self.first_commit * (number + 0.5) / BEFORE_FIRST_COMMIT
        for number in range(AFTER_IT):
            yield self.first_commit + (self.end - self.first_commit) * number / AFTER_IT

    def qa(self, library: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            qa_command(*arguments),
            capture_output=True,
            text=True,
            timeout=120,
            env=qa_environment(library, self.cache),
            check=False,
        )

    def add(self, library: Path) -> subprocess.CompletedProcess[str]:
        """Index the corpus."""
        return self.qa(library, "add", self.documents, "--model", self.model, "--format", "json")

    def start(self, library: Path) -> subprocess.Popen[str]:
        """Begin to index the corpus."""
        return subprocess.Popen(
            qa_command("add", self.documents, "--model", self.model),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=qa_environment(library, self.cache),
        )


@pytest.fixture(scope="module")
def indexing(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path) -> Indexing:
    folder = tmp_path_factory.mktemp("killed")
    little = corpus(folder / "little", files=1, passages=1)
    compiling = Indexing(little, tiny_model, cache, 0, 0, {}).add(folder / "little-library")
    assert compiling.returncode == 0, compiling.stderr
    documents = corpus(folder / "documents", FILES, PASSAGES)
    library = folder / "undisturbed"
    began = time.monotonic()
    with Indexing(documents, tiny_model, cache, 0, 0, {}).start(library) as process:
        times = [time.monotonic() - began for _ in progress(process)]
    expected = held(library)
    assert len(expected) == FILES
    return Indexing(documents, tiny_model, cache, times[1], times[-1], expected)


def test_killed_at_moments_spread_over_its_life(indexing: Indexing, tmp_path: Path) -> None:
    libraries = 1
    library = tmp_path / "1"
    for moment in indexing.moments():
        delay = moment
        killed = False
        while not killed:
            known = documents(library)
            if delay > indexing.end * (1 - known / FILES):  # it would be done by then
                libraries += 1
                library, known = tmp_path / str(libraries), 0
            with indexing.start(library) as process:
                time.sleep(delay)
                process.kill()
                acknowledged = last_acknowledged(process)
            check_after_kill(indexing, library, known + acknowledged)
            killed = process.returncode == -signal.SIGKILL
            delay *= 0.8  # if it was done already, the machine has become faster
    check_next_add_finishes(indexing, library)


def test_killed_as_a_commit_is_acknowledged(indexing: Indexing, tmp_path: Path) -> None:
    library = tmp_path / "library"
    acknowledged = 0
    for commits in (1, 2, 1):
        with indexing.start(library) as process:
            lines = progress(process)
            done = [next(lines) for _ in range(1 + commits)]
            process.kill()
        acknowledged += done[-1]
        check_after_kill(indexing, library, acknowledged)


STAGES = (
    ".catalog.sqlite.making",
    "catalog.sqlite",
    "derived/.making-*",
    "derived/.making-*/lexical/*.store",
    "derived/.making-*/vectors.faiss",
    "derived/.making-*/manifest.json",
)


def test_killed_between_a_commit_and_the_indexes_that_go_with_it(
    indexing: Indexing, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    for stage in STAGES:
        known = documents(library)
        with indexing.start(library) as process:
            wait_for(stage, library, process)
            process.kill()
            acknowledged = last_acknowledged(process)
        check_after_kill(indexing, library, known + acknowledged)
    check_next_add_finishes(indexing, library)


def test_killed_while_changes_are_brought_in(indexing: Indexing, tmp_path: Path) -> None:
    changing = replace(indexing, documents=corpus(tmp_path / "documents", 16, PASSAGES))
    library = tmp_path / "library"
    assert changing.add(library).returncode == 0
    files = sorted(changing.documents.iterdir())
    for number in range(12):
        with files[number].open("a") as file:
            file.write("\n" + text(1, seed=1000 + number))
    files[12].unlink()
    files[13].rename(changing.documents / "renamed.txt")
    files[14].replace(files[15])
    for stage in ("derived/.making-*", "derived/.making-*/vectors.faiss", "derived/.making-*"):
        with changing.start(library) as process:
            wait_for(stage, library, process)
            process.kill()
        assert changing.qa(library, "ask", QUESTION).returncode == 0
        check_catalog(library)
        check_indexes(library, every=500)
    assert changing.add(library).returncode == 0
    assert changing.add(tmp_path / "fresh").returncode == 0
    assert held(library) == held(tmp_path / "fresh")


def test_killed_while_the_model_is_compiled(indexing: Indexing, tmp_path: Path) -> None:
    documents = corpus(tmp_path / "documents", files=1, passages=3)
    elsewhere = replace(indexing, documents=documents, cache=tmp_path / "cache")
    library = tmp_path / "library"
    with elsewhere.start(library) as process:
        wait_for("encoders/.making-*/*", elsewhere.cache, process)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert elsewhere.add(library).returncode == 0
    check_indexes(library)


def test_a_second_writer_is_told_who_writes_and_a_killed_one_leaves_no_lock(
    indexing: Indexing, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    with indexing.start(library) as process:
        lines = progress(process)
        assert next(lines) == 0
        assert next(lines) > 0
        process.send_signal(signal.SIGSTOP)
        second = indexing.add(library)
        answered = indexing.qa(library, "ask", QUESTION)
        process.kill()
    assert second.returncode == LOCKED
    assert f"process {process.pid} on {socket.gethostname()}" in second.stderr
    assert "Traceback" not in second.stderr
    assert answered.returncode == 0, answered.stderr  # readers need no lock
    check_next_add_finishes(indexing, library)


def wait_for(pattern: str, folder: Path, process: subprocess.Popen[str]) -> None:
    """Return as soon as such a file is there, or the process has ended."""
    while process.poll() is None and not any(folder.glob(pattern)):
        time.sleep(0.0002)


def progress(process: subprocess.Popen[str]) -> Iterator[int]:
    """Files committed so far, each as soon as it is said."""
    assert process.stderr
    for line in process.stderr:
        if said := re.match(r"indexed ([\d,]+) of", line):
            yield int(said[1].replace(",", ""))


def last_acknowledged(process: subprocess.Popen[str]) -> int:
    """Files said to be committed before the process ended."""
    return max(progress(process), default=0)


def documents(library: Path) -> int:
    """How many there are; 0 where there is no library yet."""
    return len(held(library)) if (library / "catalog.sqlite").exists() else 0


def check_after_kill(indexing: Indexing, library: Path, acknowledged: int) -> None:
    """The library opens and answers from its last commit, which is whole."""
    status = indexing.qa(library, "status", "--format", "json")
    answered = indexing.qa(library, "ask", QUESTION, "--format", "json")
    if not (library / "catalog.sqlite").exists():
        assert acknowledged == 0
        assert (status.returncode, answered.returncode) == (20, 20), status.stderr
        return
    assert status.returncode == 0, status.stderr
    shown = json.loads(status.stdout)
    assert shown["documents"] >= acknowledged
    check_catalog(library)
    if shown["documents"] == 0:
        assert answered.returncode == 21, answered.stderr
        return
    assert answered.returncode == 0, answered.stderr
    answer = json.loads(answered.stdout)
    assert answer["generation"] == shown["generation"]
    assert answer["passages"]
    for passage in answer["passages"]:
        cited = passage["citation"]
        text = Path(cited["document"]["path"]).read_text(encoding="utf-8")
        assert text[cited["start"] : cited["end"]] == cited["quote"]
    assert held(library).items() <= indexing.expected.items()
    check_indexes(library, every=500)


def check_next_add_finishes(indexing: Indexing, library: Path) -> None:
    """One more `qa add` gives what an undisturbed one gives; another has nothing to do."""
    finished = indexing.add(library)
    assert finished.returncode == 0, finished.stderr
    assert held(library) == indexing.expected
    check_catalog(library)
    check_indexes(library, every=500)
    again = json.loads(indexing.add(library).stdout)
    assert (again["embedded"], len(again["unchanged"])) == (0, FILES)
    shutil.rmtree(library)  # megabytes, and no longer of use
