"""Hostile and broken files in one folder with good ones: each is told of, none does harm."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import hostile_samples as samples
import pytest
from conftest import MakeEngine, add, qa_command, qa_environment, write
from consistency import check_catalog, check_indexes
from generated import paragraphs, text
from permissions import held_back

from index import records
from index.library import Library
from index.readers import read
from index.scan import hash_file
from index.sync import Progress
from index.types import Failure, SourceFile

pytestmark = pytest.mark.slow  # together a minute

GOOD = {name: number for number, name in enumerate(("000-first.txt", "good.md", "zzz-last.txt"))}
"""With the seeds of their texts."""

REFUSED = {name: code for name, (_, code) in (samples.REFUSED | samples.UNREADABLE).items()}
SEVERAL_KINDS = 19
SECONDS = 120


@dataclass(frozen=True)
class Added:
    """What `qa add` of the folder did."""

    folder: Path
    library: Path
    environment: dict[str, str]
    result: subprocess.CompletedProcess[str]
    seconds: float

    def qa(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command on the same library."""
        return subprocess.run(
            held_back(qa_command(*arguments)),
            capture_output=True,
            text=True,
            timeout=2 * SECONDS,
            env=self.environment,
            check=False,
        )

    def failures(self) -> dict[str, Failure]:
        """What `qa status --failed` lists, by file name."""
        listed = json.loads(self.qa("status", "--failed", "--format", "json").stdout)
        found = [Failure(Path(each.pop("path")), **each) for each in listed]
        return {failure.path.name: failure for failure in found}

    def texts(self) -> dict[str, str | None]:
        """Canonical texts by file name."""
        with closing(Library.open(self.library)) as opened, opened.catalog.snapshot() as connection:
            return {
                d.path.name: records.text(connection, d.id) for d in records.documents(connection)
            }


@pytest.fixture(scope="module")
def added(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path
) -> Iterator[Added]:
    """Everything added at once."""
    top = tmp_path_factory.mktemp("hostile")
    folder, library = top / "deep" / "folder", top / "library"
    folder.mkdir(parents=True)
    samples.make(folder)
    (folder / "again").symlink_to(folder)
    for name, seed in GOOD.items():
        (folder / name).write_text(text(3, seed))
    made = Added(
        folder, library, qa_environment(library, cache), subprocess.CompletedProcess([], 0), 0
    )
    began = time.monotonic()
    result = made.qa("add", folder, "--model", tiny_model)
    yield Added(folder, library, made.environment, result, time.monotonic() - began)
    (folder / "secret.txt").chmod(0o600)


@pytest.fixture(scope="module")
def failures(added: Added) -> dict[str, Failure]:
    return added.failures()


@pytest.fixture(scope="module")
def texts(added: Added) -> dict[str, str | None]:
    return added.texts()


def test_the_command_ends_in_time_and_tells_of_each(added: Added) -> None:
    stderr = added.result.stderr
    assert added.result.returncode == SEVERAL_KINDS, stderr
    assert added.seconds < SECONDS
    assert "Traceback" not in stderr
    assert stderr.count("\nqa: ") == len(REFUSED)
    counts = f"{len(GOOD) + len(samples.READ)} added, {len(REFUSED)} failed"
    assert added.result.stdout.startswith(counts)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_listed_with_its_remedy(
    name: str, added: Added, failures: dict[str, Failure], texts: dict[str, str | None]
) -> None:
    failure = failures[name]
    assert failure.code == REFUSED[name]
    assert failure.message.startswith(f"{added.folder / name}: ")
    assert failure.message.endswith(".")
    assert failure.remedy.endswith(".") or ": " in failure.remedy
    assert failure.message in added.result.stderr
    assert failure.remedy in added.result.stderr
    assert name not in texts


@pytest.mark.parametrize("name", samples.READ)
def test_an_odd_file_is_read_as_it_is_meant(name: str, texts: dict[str, str | None]) -> None:
    found, meant = texts[name], samples.READ[name][1]
    assert found is not None
    assert (len(found), found[:200]) == (len(meant), meant[:200])
    assert found == meant


def test_nothing_else_failed_or_was_read(
    failures: dict[str, Failure], texts: dict[str, str | None]
) -> None:
    assert failures.keys() == REFUSED.keys()
    assert texts.keys() == samples.READ.keys() | GOOD.keys()


@pytest.mark.parametrize("name", GOOD)
def test_good_files_answer(name: str, added: Added) -> None:
    answered = added.qa("ask", paragraphs(1, GOOD[name])[0], "-k", "1", "--format", "json")
    assert answered.returncode == 0, answered.stderr
    [passage] = json.loads(answered.stdout)["passages"]
    assert passage["citation"]["document"]["path"] == str(added.folder / name)
    assert passage["citation"]["quote"] == paragraphs(1, GOOD[name])[0]


def test_nothing_is_written_outside_the_library(added: Added) -> None:
    top = added.folder.parent.parent
    assert not list(top.rglob("outside*"))
    assert {path.name for path in top.iterdir()} == {"deep", "library"}
    assert {path.name for path in added.folder.parent.iterdir()} == {"folder"}


def test_the_library_is_whole(added: Added) -> None:
    check_catalog(added.library)
    check_indexes(added.library, every=10_000)


def test_what_is_mended_is_read_and_what_is_not_stays_listed_unread(added: Added) -> None:
    (added.folder / "torn.jsonl").write_bytes(b'{"text": "Rice."}\n')
    (added.folder / "bomb.txt.gz").unlink()
    again = added.qa("add", added.folder)
    assert again.returncode == SEVERAL_KINDS, again.stderr
    assert "indexed 1 of 1 files" in again.stderr  # no other was read
    left = REFUSED.keys() - {"torn.jsonl", "bomb.txt.gz"}
    assert again.stderr.count("\nqa: ") == len(left)
    assert added.failures().keys() == left
    assert added.texts()["torn.jsonl"] == "text: Rice."

    nothing = added.qa("add", added.folder)
    assert "indexed" not in nothing.stderr
    assert added.failures().keys() == left

    named = added.qa("add", added.folder / "truncated.pdf")
    assert "indexed 1 of 1 files" in named.stderr  # named outright, it is tried again
    assert named.returncode == 61
    assert added.failures().keys() == left


def test_a_file_that_changed_since_it_was_hashed_is_not_taken_for_what_it_was(
    tmp_path: Path,
) -> None:
    file = write(tmp_path, one="Rice.") / "one.txt"
    before = hash_file(file).sha256
    file.write_text("More rice.")
    [found] = read(SourceFile(file, before))
    assert isinstance(found.content, Failure)
    assert found.content.code == "file-unreadable"
    assert "changed" in found.content.message
    assert found.content.remedy.startswith("Run the command again")
    [found] = read(SourceFile(file, hash_file(file).sha256))
    assert not isinstance(found.content, Failure)


def test_a_file_that_changes_while_it_is_read_is_read_by_the_next_add(
    make_engine: MakeEngine, tiny_model: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "folder", one=text(1, 1), two=text(1, 2))
    engine = make_engine(tmp_path / "library", model=str(tiny_model))

    def change(progress: Progress) -> None:
        if progress.files_done == 0:  # all files are hashed, none is read
            (folder / "one.txt").write_text(text(1, 3))

    report = engine.add([folder], change)
    assert report.added == [folder / "two.txt"]
    assert [(failure.path, failure.code) for failure in report.failed] == [
        (folder / "one.txt", "file-unreadable")
    ]
    assert [failure.path for failure in engine.failures()] == [folder / "one.txt"]
    report = add(engine, folder)
    assert (report.added, report.failed) == ([folder / "one.txt"], [])
    assert engine.failures() == []
    assert engine.ask(paragraphs(1, 3)[0]).passages[0].citation.quote == paragraphs(1, 3)[0]
