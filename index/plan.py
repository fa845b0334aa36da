"""What a sync has to do: a comparison of (path, sha256) pairs. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from index.types import Document, SourceFile


@dataclass(slots=True)
class Plan:
    """Documents and files, each in exactly one list."""

    unchanged: list[Document] = field(default_factory=list)
    moved: list[tuple[Document, Path]] = field(default_factory=list)
    changed: list[SourceFile] = field(default_factory=list)
    added: list[SourceFile] = field(default_factory=list)
    gone: list[Document] = field(default_factory=list)


def compare(known: Iterable[Document], found: Iterable[SourceFile]) -> Plan:
    """Match what the library knows with what lies on disk.

    A document moves with its content: also when two files swapped names. A file that was
    copied and then edited in its old place is a changed file and an added one.
    """
    plan = Plan()
    files = {file.path: file for file in found}
    astray: dict[Path, Document] = {}
    for document in known:
        file = files.get(document.path)
        if file and file.sha256 == document.sha256:
            plan.unchanged.append(document)
            del files[document.path]
        else:
            astray[document.path] = document
    _match_moved(plan, astray, files)
    for path, file in files.items():
        (plan.changed if path in astray else plan.added).append(file)
    plan.gone = [document for path, document in astray.items() if path not in files]
    return plan


def _match_moved(plan: Plan, astray: dict[Path, Document], files: dict[Path, SourceFile]) -> None:
    homeless: dict[str, list[Path]] = defaultdict(list)
    for file in files.values():
        homeless[file.sha256].append(file.path)
    contents = {document.sha256 for document in astray.values()}
    for document in list(astray.values()):
        replacement = files.get(document.path)
        edited_in_place = replacement is not None and replacement.sha256 not in contents
        if homeless[document.sha256] and not edited_in_place:
            target = homeless[document.sha256].pop(0)
            plan.moved.append((document, target))
            del astray[document.path]
    for _, target in plan.moved:
        del files[target]
