from __future__ import annotations

import base64
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from processes import wait_until

from index.types import Locator
from qa.citing import ALL_STYLES, formatted
from qa.citing.saved import read_saved
from qa.engine import Engine
from qa.opening import open_at
from qa.prompt import Prompt
from qa.types import Citation


@pytest.fixture
def prompt(seed_engine: Engine) -> Prompt:
    return Prompt(seed_engine, colour=False)


def test_a_line_is_a_question(prompt: Prompt) -> None:
    shown = prompt.respond("Who is the Vietnamese ambassador in Pyongyang?")
    assert "Le Ba Vinh" in shown.replace("\n  > ", " ")


def test_k_sets_how_many_passages_are_shown(prompt: Prompt) -> None:
    prompt.respond("/k 2")
    shown = prompt.respond("Who met Kim Il Sung?")
    assert "[2]" in shown
    assert "[3]" not in shown


def test_copy_puts_the_quote_verbatim_on_the_clipboard(
    prompt: Prompt, seed_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "What did To Lam propose on party-to-party cooperation?"
    prompt.respond(question)
    prompt.respond("/copy 2")
    sequence = capsys.readouterr().out
    assert sequence.startswith("\x1b]52;c;")
    copied = base64.b64decode(sequence[len("\x1b]52;c;") : -1]).decode()
    assert copied == seed_engine.ask(question).passages[1].citation.quote


def test_open_starts_the_editor_at_the_line(
    prompt: Prompt, seed_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "vim"
    noted = tmp_path / "noted"
    editor.write_text(
        f'#!{sys.executable}\nimport sys\nopen("{noted}", "w").write(str(sys.argv[1:]))'
    )
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    question = "When did Choummaly Sayasone visit?"
    prompt.respond(question)
    shown = prompt.respond("/open 1")
    expected = seed_engine.ask(question).passages[0].citation.locator.line_start
    assert f"at line {expected}" in shown
    line, path = eval(noted.read_text())
    assert line == f"+{expected}"
    assert Path(path).name == "000_803b68c2c81dc1ed.txt"


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("/nonsense", "no such command"),
        ("/k many", "a number from 1 to"),
        ("/k 0", "a number from 1 to"),
        ("/open 1", "Ask something first"),
        ("/copy", "Ask something first"),
        ("???", "holds no word"),
        ("x" * 3000, "characters"),
    ],
)
def test_what_cannot_be_done_is_explained(prompt: Prompt, line: str, reply: str) -> None:
    assert reply in prompt.respond(line)


def test_passages_are_numbered_as_shown(prompt: Prompt) -> None:
    prompt.respond("/k 2")
    prompt.respond("Who met Kim Il Sung?")
    assert "a number from 1 to 2" in prompt.respond("/copy 3")


def test_help_names_every_command(prompt: Prompt) -> None:
    shown = prompt.respond("/help")
    assert all(name in shown for name in [*prompt.commands, "/quit"])


@pytest.fixture
def asked(prompt: Prompt, seed_engine: Engine) -> list[Citation]:
    """The citations of a question that was asked at the prompt."""
    question = "What did To Lam propose on party-to-party cooperation?"
    prompt.respond(question)
    return [found.citation for found in seed_engine.ask(question).passages]


def test_context_shows_the_passage_between_its_neighbours(
    prompt: Prompt, asked: list[Citation], seed_engine: Engine
) -> None:
    around = seed_engine.neighbours(asked[1].id)
    shown = prompt.respond("/context 2").splitlines()
    told = " ".join(line[4:] for line in shown[1:] if line.strip() != "|")
    texts = [one.quote for one in (*around.before, asked[1], *around.after)]
    assert " ".join(told.split()) == " ".join(" ".join(texts).split())
    marked = " ".join(line[4:] for line in shown if line.startswith("  > "))
    assert marked.split() == asked[1].quote.split()


def test_cite_gives_any_style_and_says_which_there_are(
    prompt: Prompt, asked: list[Citation]
) -> None:
    for style in ALL_STYLES:
        assert prompt.respond(f"/cite 2 {style}") == formatted(asked[1], style)
    assert prompt.respond("/cite 2") == formatted(asked[1], "plain")
    assert "chicago-notes" in prompt.respond("/cite 2 nonsense")


def test_save_appends_quotations_that_an_audit_finds_intact(
    prompt: Prompt, asked: list[Citation], seed_engine: Engine, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("# Notes\n")
    for number in (2, 1):
        assert "notes.md" in prompt.respond(f"/save {number} {notes}")
    saved = read_saved(notes)
    assert [one.quote for one in saved] == [asked[1].quote, asked[0].quote]
    assert {str(one.verdict) for one in seed_engine.audit(saved)} == {"intact"}
    assert notes.read_text(encoding="utf-8").startswith("# Notes\n\n> ")


def test_what_cannot_be_saved_is_explained(
    prompt: Prompt, asked: list[Citation], tmp_path: Path
) -> None:
    assert "a number and a file" in prompt.respond("/save 2")
    assert "cannot be written" in prompt.respond(f"/save 2 {tmp_path}")
    assert "cannot be written" in prompt.respond(f"/save 2 {tmp_path}/none/notes.md")
    assert "number from 1 to" in prompt.respond("/save 99 notes.md")


def test_a_pdf_opens_in_a_viewer_at_the_page(
    seed_engine: Engine, asked: list[Citation], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "noted"
    viewer = tmp_path / "bin" / "zathura"
    viewer.parent.mkdir()
    viewer.write_text(
        f'#!{sys.executable}\nimport os, sys\nopen("{noted}.new", "w").write(str(sys.argv[1:]))\n'
        f'os.rename("{noted}.new", "{noted}")'
    )
    viewer.chmod(0o755)
    monkeypatch.setenv("PATH", str(viewer.parent))
    in_pdf = replace(asked[0], locator=Locator(page_start=7, page_end=8))
    assert open_at(in_pdf) == "page 7"
    wait_until(noted.exists)
    assert eval(noted.read_text()) == ["--page=7", asked[0].document.path]
