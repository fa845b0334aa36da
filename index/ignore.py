"""What a folder's own rules leave out: .gitignore and .quaereignore, by pathspec."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILES = (".gitignore", ".quaereignore")
"""The later one's rules go before the earlier one's."""


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
        if self._own:
            relative = path[len(self._folder) + 1 :] + ("/" if is_folder else "")
            verdict = self._own.check_file(relative).include
            if verdict is not None:
                return verdict
        return self._above.ignores(path, is_folder=is_folder) if self._above else False


def _read(folder: str) -> GitIgnoreSpec | None:
    lines: list[str] = []
    for name in FILES:
        try:
            lines += Path(folder, name).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:  # mostly: there is none
            continue
    if not lines:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)
