from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest

from qa.engine import Engine
from qa.prompt import Prompt


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
