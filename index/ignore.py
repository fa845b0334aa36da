"""What a folder's own rules leave out: .gitignore and .quaereignore, by pathspec."""

from __future__ import annotations

import contextlib
import re
import stat
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

FILES = (".gitignore", ".quaereignore")
"""The later one's rules go before the earlier one's."""

MAX_BYTES = 2**20
"""A larger file is no list of rules."""

_STARS = re.compile(r"\\.|\*{3,}", re.S)
"""To git, three asterisks and more are two; to pathspec they are one. Escaped ones are none."""


FOLDER_MARK = "ps_d"
"""The group of pathspec's expressions that holds the slash after a folder's name."""


class IgnoreRules:
    """The rules in force in a folder: its own and those of the folders it was reached through."""

    def __init__(self, folder: str, above: IgnoreRules | None = None) -> None:
        self._folder = folder
        self._above = above
        self._own = _read(folder)

    def below(self, folder: str) -> IgnoreRules:
        """The rules in force in a folder inside this one."""
        rules = IgnoreRules(folder, self)
        return rules if rules._own else self

    def ignores(self, path: str, *, is_folder: bool) -> bool:
        """Whether some rule leaves this path out; rules nearer to it go before farther ones."""
        relative = path[len(self._folder) + 1 :]
        for pattern in self._own:
            if _names(pattern, relative, is_folder=is_folder):
                return bool(pattern.include)
        return self._above.ignores(path, is_folder=is_folder) if self._above else False


def _names(pattern: GitIgnoreSpecPattern, path: str, *, is_folder: bool) -> bool:
    """Whether a pattern names this path, not only a folder that it lies in.

    To pathspec a pattern also names all that lies below. But "!b" takes nothing back that a rule
    before it leaves out in b; and what is below a folder left out is not looked at anyway.
    """
    assert pattern.regex  # of the others none is kept
    found = list(pattern.regex.finditer(path + "/" if is_folder else path))
    if not found:
        return False
    if FOLDER_MARK not in pattern.regex.groupindex:  # "a/**": what is in a, not a itself
        return pattern.regex.search(path) is not None
    return found[-1].end(FOLDER_MARK) in {-1, len(path) + 1}


def _read(folder: str) -> list[GitIgnoreSpecPattern]:
    """The patterns in a folder's own files, the last one first: it decides."""
    lines = [line for name in FILES for line in _lines(Path(folder, name))]
    if not lines:
        return []
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    patterns = []
    with warnings.catch_warnings():
        # Of regular expressions that pathspec makes of odd patterns such as "[[]".
        warnings.simplefilter("ignore", FutureWarning)
        for line in lines:
            with contextlib.suppress(ValueError):  # a pattern that git passes over too
                patterns.append(GitIgnoreSpecPattern(_STARS.sub(_two_stars, line)))
    return [pattern for pattern in reversed(patterns) if pattern.regex]


def _two_stars(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("\\") else "**"


def _lines(path: Path) -> list[str]:
    """The lines of a file, as git parts them; none where no such file can be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait forever
            return []
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:  # mostly: there is none
        return []
    if len(data) > MAX_BYTES:
        return []
    text = data.decode("utf-8-sig", errors="replace")
    return [line.removesuffix("\r") for line in text.split("\n")]
