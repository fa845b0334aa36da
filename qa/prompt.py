"""The prompt: questions one after another, and commands on the answers they got."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path

import click
from platformdirs import user_state_path

from index.errors import QuaereError
from qa import opening, rendering
from qa.engine import Engine
from qa.types import DEFAULT_LIMIT, MAX_LIMIT, Answer, Citation

HELP = """\
Ask anything in plain words, or:
  /k N              show N passages from now on
  /open N           open passage N where it stands: editor, viewer or browser
  /context N        show the passages before and after passage N
  /copy N           copy passage N, verbatim, to the clipboard
  /cite N [STYLE]   cite passage N: apa, mla, chicago-notes, bibtex, ris, ...
  /save N FILE.md   append passage N to a file, with a footnote that can be verified
  /help             this list
  /quit             leave (or Ctrl-D)"""

DEFAULT_STYLE = "plain"

NEIGHBOURS = 1
"""Passages shown on either side of one; ask for those again to go further."""


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
            "/context": self._context,
            "/copy": self._copy,
            "/cite": self._cite,
            "/save": self._save,
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
        cited, _ = self._cited(argument, "/open")
        path = cited.document.container or cited.document.path
        if not Path(path).exists():
            raise CommandError(
                f"{path}: the file is no longer there. Bring the library in step: qa add"
            )
        where = opening.open_at(cited)
        return f"Opened {rendering.display_path(path)}{f' at {where}' if where else ''}."

    def _context(self, argument: str) -> str:
        cited, _ = self._cited(argument, "/context")
        around = self._engine.neighbours(cited.id, NEIGHBOURS)
        return rendering.in_context(around.before, cited, around.after, colour=self._colour)

    def _copy(self, argument: str) -> str:
        cited, _ = self._cited(argument, "/copy")
        # OSC 52: the terminal puts it on the clipboard, over ssh too.
        encoded = base64.b64encode(cited.quote.encode()).decode()
        sys.stdout.write(f"\x1b]52;c;{encoded}\x07")
        sys.stdout.flush()
        return f"Copied {len(cited.quote):,} characters."

    def _cite(self, argument: str) -> str:
        from qa.citing import ALL_STYLES, formatted

        cited, style = self._cited(argument, "/cite")
        if style and style not in ALL_STYLES:
            raise CommandError(f"{style}: there is no such style. Use {', '.join(ALL_STYLES)}.")
        return formatted(cited, style or DEFAULT_STYLE)

    def _save(self, argument: str) -> str:
        from qa.citing.exports import markdown_footnote

        cited, name = self._cited(argument, "/save")
        if not name:
            raise CommandError("Type /save, a number and a file, such as: /save 2 notes.md")
        path = Path(name).expanduser()
        try:
            with path.open("a", encoding="utf-8", newline="") as file:
                file.write(("\n" if file.tell() else "") + markdown_footnote(cited))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise CommandError(f"{name}: it cannot be written ({reason}).") from None
        return f"Saved to {rendering.display_path(str(path.absolute()))}."

    def _cited(self, argument: str, command: str) -> tuple[Citation, str]:
        """The passage whose number comes first, and what comes after it."""
        number, _, rest = argument.partition(" ")
        passages = self._answer.passages if self._answer else ()
        if not passages:
            raise CommandError("There is no passage yet. Ask something first.")
        if not number.isdecimal() or not 1 <= int(number) <= len(passages):
            raise CommandError(f"Type {command} and a number from 1 to {len(passages)}.")
        return passages[int(number) - 1].citation, rest.strip()


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
