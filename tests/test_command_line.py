"""The command line as a user meets it: a process, its output, its exit status."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import termios
from pathlib import Path

import click
import pytest
from conftest import SEEDS, RunQa, qa_command, qa_environment, write

from api.schemas import AnswerModel
from qa.citation import place
from qa.cli import main
from qa.engine import Engine

TEXT = "Rice was sent to the islands in tens of thousands of tonnes. It was eaten at once."


@pytest.fixture(scope="session")
def on_seeds(seed_library: Path, cache: Path) -> dict[str, str]:
    return qa_environment(seed_library, cache)


def test_the_answer_shows_place_metadata_and_marks_the_best_sentence(
    run_qa: RunQa, on_seeds: dict[str, str], seed_engine: Engine
) -> None:
    question = "When did Choummaly Sayasone visit?"
    expected = seed_engine.ask(question).passages[0]
    best = expected.citation.best_sentence
    assert best
    done = run_qa("ask", question, "-k", "1", environment=on_seeds, cwd=SEEDS)
    first, second, *passage = done.stdout.splitlines()
    where = place("000_803b68c2c81dc1ed.txt", expected.citation.locator)
    assert first == f"[1] {where}  score {expected.score:.2f}  {expected.citation.id}"
    assert second.strip() == "History of Friendship Cemented in Common Struggle for Socialism"
    assert all(line.startswith(("  > ", "  | ")) for line in passage)
    marked = " ".join(line[4:] for line in passage if line.startswith("  > "))
    assert marked == best.quote
    assert done.stderr == ""


def test_the_words_printed_are_the_sources_in_their_order(
    run_qa: RunQa, on_seeds: dict[str, str]
) -> None:
    done = run_qa("ask", "What did Tô Lâm propose?", "-k", "1", environment=on_seeds)
    shown = [line[4:] for line in done.stdout.splitlines() if line.startswith(("  > ", "  | "))]
    source = (SEEDS / "004_527636f6617f84d3.txt").read_text(encoding="utf-8")
    assert " ".join(" ".join(shown).split()) in " ".join(source.split())


def test_json_is_what_the_http_service_sends(run_qa: RunQa, on_seeds: dict[str, str]) -> None:
    done = run_qa("ask", "To Lam", "-k", "2", "--format", "json", environment=on_seeds)
    answer = AnswerModel.model_validate_json(done.stdout)
    assert len(answer.passages) == 2
    assert json.loads(done.stdout) == answer.model_dump(mode="json")


def test_the_question_may_come_from_standard_input(run_qa: RunQa, on_seeds: dict[str, str]) -> None:
    piped = run_qa("ask", "-", stdin="Who is the ambassador?\n", environment=on_seeds)
    typed = run_qa("ask", "Who is the ambassador?", environment=on_seeds)
    assert piped.stdout == typed.stdout != ""


def test_add_reports_results_on_stdout_and_progress_on_stderr(
    run_qa: RunQa, tmp_path: Path, tiny_model: Path
) -> None:
    folder = write(tmp_path / "docs", one=TEXT)
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\x00")
    done = run_qa("add", folder, "--model", tiny_model)
    assert done.stdout == ("1 added, 1 of other kinds skipped; 1 passages, 1 of them embedded\n")
    assert "indexed 1 of 1 files, 1 passages" in done.stderr
    again = run_qa("add", folder)
    assert again.stdout == "1 unchanged, 1 of other kinds skipped\n"
    assert again.stderr == ""


def test_add_lists_paths_as_json(run_qa: RunQa, tmp_path: Path, tiny_model: Path) -> None:
    folder = write(tmp_path / "docs", one=TEXT, two="")
    done = run_qa("add", folder, "--model", tiny_model, "--format", "json")
    report = json.loads(done.stdout)
    assert report["added"] == [str(folder / "one.txt")]
    assert [failure["code"] for failure in report["failed"]] == ["file-empty"]


def test_status_counts_and_remove_takes_out(
    run_qa: RunQa, tmp_path: Path, tiny_model: Path
) -> None:
    folder = write(tmp_path / "docs", one=TEXT, two=TEXT)
    run_qa("add", folder, "--model", tiny_model)
    status = json.loads(run_qa("status", "--format", "json").stdout)
    assert (status["documents"], status["passages"], status["failures"]) == (2, 2, 0)
    assert (status["model"], status["dimension"]) == (str(tiny_model), 32)
    assert status["bytes"] > 0
    removed = run_qa("remove", folder / "one.txt")
    assert removed.stdout.splitlines() == [str(folder / "one.txt")]
    assert (folder / "one.txt").exists()
    assert re.search(r"^documents: +1$", run_qa("status").stdout, re.M)
    assert run_qa("remove", folder / "one.txt").returncode == 42


def test_a_removed_file_comes_back_when_it_is_added_again(
    run_qa: RunQa, tmp_path: Path, tiny_model: Path
) -> None:
    folder = write(tmp_path / "docs", one=TEXT, two="Another text, about the theremin.")
    run_qa("add", folder, "--model", tiny_model)
    run_qa("remove", folder / "one.txt")
    assert run_qa("add", folder).stdout.startswith("1 added, 1 unchanged")


def every_command() -> list[str]:
    assert isinstance(main, click.Group)
    return sorted(main.commands)


@pytest.mark.parametrize("name", every_command())
def test_every_command_explains_itself_and_its_options(name: str) -> None:
    assert isinstance(main, click.Group)
    command = main.commands[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"qa {name} {parameter.opts[0]}"


def test_help_names_every_command() -> None:
    assert isinstance(main, click.Group)
    shown = main.get_help(click.Context(main, info_name="qa"))
    assert all(f"  {name} " in shown for name in every_command())
    assert "\\" not in shown  # marks that are for click alone


def test_the_prompt_needs_a_terminal(run_qa: RunQa, on_seeds: dict[str, str]) -> None:
    done = run_qa(environment=on_seeds)
    assert done.returncode == 2
    assert "qa ask" in done.stderr


def on_a_terminal(command: list[str], environment: dict[str, str], typed: bytes = b"") -> str:
    """Run a command on a pseudo-terminal, type into it, and return all it showed."""
    leader, follower = pty.openpty()
    termios.tcsetwinsize(leader, (24, 100))
    process = subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=environment, close_fds=True
    )
    os.close(follower)
    shown = b""
    lines = typed.splitlines(keepends=True)
    while True:
        try:
            shown += os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        if lines and shown.count(b"qa> ") > len(typed.splitlines()) - len(lines):
            os.write(leader, lines.pop(0).replace(b"\n", b"\r"))
    os.close(leader)
    assert process.wait(timeout=60) == 0
    return shown.decode(errors="replace")


def test_on_a_terminal_the_best_sentence_is_bold_and_progress_is_a_bar(
    tmp_path: Path, cache: Path, tiny_model: Path
) -> None:
    environment = qa_environment(tmp_path / "library", cache) | {"TERM": "xterm"}
    folder = write(tmp_path / "docs", one=TEXT)
    bar = on_a_terminal(qa_command("add", folder, "--model", tiny_model), environment)
    assert "Indexing: 100%" in bar
    shown = on_a_terminal(qa_command("ask", "rice"), environment)
    assert "\x1b[1m  > \x1b[0m" in shown


@pytest.mark.slow
def test_the_prompt_answers_runs_commands_and_leaves(
    seed_library: Path, cache: Path, tmp_path: Path
) -> None:
    environment = qa_environment(seed_library, cache) | {
        "TERM": "dumb",
        "XDG_STATE_HOME": str(tmp_path),
    }
    typed = b"Who is the ambassador?\n/k 1\n/copy 1\n/nonsense\n/quit\n"
    shown = on_a_terminal([sys.executable, "-m", "qa"], environment, typed)
    assert "Le Ba Vinh" in shown
    assert "Showing 1 passages" in shown
    assert "\x1b]52;c;" in shown
    assert "there is no such command" in shown
    assert "Who is the ambassador?" in (tmp_path / "quaere" / "history").read_text()
