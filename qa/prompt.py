"""The prompt: questions one after another, and commands on the answers they got."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
from platformdirs import user_state_path

from index.errors import QuaereError
from qa import rendering
from qa.engine import Engine
from qa.settings import editor
from qa.types import DEFAULT_LIMIT, MAX_LIMIT, Answer, Citation

HELP = """\
Ask anything in plain words, or:
  /k N      show N passages from now on
  /open N   open passage N in your editor, at its line
  /copy N   copy passage N, verbatim, to the clipboard
  /help     this list
  /quit     leave (or Ctrl-D)"""

OPEN_WITH_PLUS = {"vi", "vim", "nvim", "nano", "emacs", "emacsclient", "less", "micro", "hx", "kak"}
"""Editors that take +LINE before the file."""

OPEN_WITH_COLON = {"code": ["--goto"], "codium": ["--goto"], "subl": [], "zed": []}
"""Editors that take FILE:LINE, and the option they want before it."""


class CommandError(Exception):
    """A slash command that cannot be carried out; says what to type instead."""


class Prompt:
    """The state of a session: how many passages to show, and the last answer."""

    def __init__(self, engine: Engine, *, colour: bool) -> None:
        self._engine = engine
        self._colour = colour
        self._limit = DEFAULT_LIMIT
        self._answer: Answer | None = None
        self.commands: dict[str, Callable[[str], str]] = {
            "/k": self._set_limit,
            "/open": self._open,
            "/copy": self._copy,
            "/help": lambda _: HELP,
        }

    def respond(self, line: str) -> str:
        """What to print for a line: an answer, a command's result, or what went wrong."""
        try:
            if line.startswith("/"):
                return self._run(line)
            self._answer = self._engine.ask(line, self._limit)
            return rendering.answer_as_text(self._answer, colour=self._colour)
        except QuaereError as error:
            return f"{error.message}\n    {error.remedy}"
        except CommandError as error:
            return str(error)

    def _run(self, line: str) -> str:
        name, _, argument = line.partition(" ")
        command = self.commands.get(name)
        if command is None:
            raise CommandError(f"{name}: there is no such command. Type /help for those there are.")
        return command(argument.strip())

    def _set_limit(self, argument: str) -> str:
        if not argument.isdecimal() or not 1 <= int(argument) <= MAX_LIMIT:
            raise CommandError(f"Type /k and a number from 1 to {MAX_LIMIT}.")
        self._limit = int(argument)
        return f"Showing {self._limit} passages from now on."

    def _open(self, argument: str) -> str:
        cited = self._cited(argument, "/open")
        path = cited.document.container or cited.document.path
        if not Path(path).exists():
            raise CommandError(
                f"{path}: the file is no longer there. Bring the library in step: qa add"
            )
        line = cited.locator.line_start
        _open_at(path, line)
        at = f" at line {line}" if line else ""
        return f"Opened {rendering.display_path(path)}{at}."

    def _copy(self, argument: str) -> str:
        cited = self._cited(argument, "/copy")
        # OSC 52: the terminal puts it on the clipboard, over ssh too.
        encoded = base64.b64encode(cited.quote.encode()).decode()
        sys.stdout.write(f"\x1b]52;c;{encoded}\x07")
        sys.stdout.flush()
        return f"Copied {len(cited.quote):,} characters."

    def _cited(self, argument: str, command: str) -> Citation:
        passages = self._answer.passages if self._answer else ()
        if not passages:
            raise CommandError("There is no passage yet. Ask something first.")
        if not argument.isdecimal() or not 1 <= int(argument) <= len(passages):
            raise CommandError(f"Type {command} and a number from 1 to {len(passages)}.")
        return passages[int(argument) - 1].citation


def run_prompt(engine: Engine) -> None:
    """Read lines until /quit or Ctrl-D."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    prompt = Prompt(engine, colour=sys.stdout.isatty())
    engine.warm_up()
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(user_state_path("quaere", ensure_exists=True) / "history")),
        auto_suggest=AutoSuggestFromHistory(),
        completer=WordCompleter([*prompt.commands, "/quit"], sentence=True),
        complete_while_typing=True,
    )
    click.echo("Ask something. /help shows commands, /quit leaves.", err=True)
    while True:
        try:
            line = session.prompt("qa> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line == "/quit":
            return
        if line:
            click.echo(prompt.respond(line) + "\n")


def _open_at(path: str, line: int | None) -> None:
    """Text in the user's editor at its line; what is no text in the system's own viewer."""
    command = editor()
    name = Path(command[0]).name if command else ""
    if not command or line is None:
        click.launch(path)
    elif name in OPEN_WITH_PLUS:
        _run([*command, f"+{line}", path])
    elif name in OPEN_WITH_COLON:
        _run([*command, *OPEN_WITH_COLON[name], f"{path}:{line}"])
    else:
        _run([*command, path])


def _run(command: list[str]) -> None:
    subprocess.run(command, check=False)  # noqa: S603 - the user's own editor
