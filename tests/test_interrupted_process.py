"""Ctrl-C during `qa add`: what is committed stays, nothing else does."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import qa_command, qa_environment
from consistency import check_catalog, check_indexes, held
from generated import corpus
from processes import group_lives, in_a_group, wait_until

TOLD_ONCE = "Stopping after this batch; Ctrl-C again stops at once.\n"

Adding = contextlib.AbstractContextManager[subprocess.Popen[str]]


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
    told = re.findall(r"indexed (\d+) of", "".join(said) + stderr)
    assert len(held(library)) == int(told[-1]) < 48
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
